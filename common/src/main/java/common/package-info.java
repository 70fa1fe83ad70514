/// What every service stands on. [WebServer] answers requests by its `Router`; handlers see them as [Request] and
/// [Response]; [Env] reads the settings, [Redis] and [Database] connect, [Outage] bridges the time when they
/// cannot, [Log] and [Metrics] tell what happens. [Vote] and [Options] are what it is all about: the packages
/// `vote`, `worker` and `result` tell one vote's way in that order.
package common;
