/// One vote's way, last part: from the table to the chart.
///
/// The thread of [LiveStanding] sleeps in `readOn` until PostgreSQL notifies it, a second at most. `read` asks for
/// the tally and what the worker last said, [Standing]`.of` makes counts and shares of it, and `publish` replaces
/// the [Edition] that everybody is shown: its JSON is made once. Whoever looks at the page has a request open that
/// [ResultServer] holds in [LiveStanding]`.after` until there is a newer edition. That is why polling is long: the
/// news goes out the moment it is there, while a short poll would ask in vain most of the time and be late all the
/// same. The answer reaches `result.js`, which moves the chart, waits a tenth of a second, and asks for what comes
/// next.
///
/// Here the way ends that began in the package `vote`.
package result;
