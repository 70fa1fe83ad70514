/// One vote's way, first part: from the click to the queue.
///
/// A click on the ballot is `POST /`. [common.WebServer] hands it to its `Router`, which calls [VoteServer]`.cast`:
/// it refuses what another site's page sent, reads the form, and asks [Voter]`.id` whose vote it is.
/// [common.Vote]`.toMessage` makes the message, and [VoteQueue]`.append` leaves it with all others that wait. One
/// thread takes them, as many as there are, and appends them to the Redis list `votes` with one command: so the
/// page never waits for a batch to fill, and never for one disk write a vote. When Redis has it on disk, `append`
/// returns, [BallotPage]`.show` has the answer ready, and [Voter]`.remember` puts the cookies on it.
///
/// The way goes on in the package `worker`.
package vote;
