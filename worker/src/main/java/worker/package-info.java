/// One vote's way, second part: from the queue to the table.
///
/// [Worker]`.moveVotes` sits in [VoteQueue]`.await` until Redis says that a vote waits, and `moveBatch` moves it,
/// together with up to 4,999 others if they are there. It never waits for company: a lone vote is a batch of one,
/// and while one batch is stored the next one gathers by itself. [VoteTable]`.begin` takes the lock,
/// [VoteQueue]`.peek` reads the messages, [Batch]`.of` tells votes from what is none, [VoteTable]`.store` upserts
/// them, `commit` makes them final, and [VoteQueue]`.cut` drops them from the list. The head of [Worker] says what
/// happens when any of this is cut short.
///
/// With the upsert, triggers in `common/schema.sql` correct the tally and notify whoever listens. The way goes on
/// in the package `result`.
package worker;
