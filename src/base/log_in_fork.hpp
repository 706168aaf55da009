#pragma once

namespace hourglass::log {

/// Before a fork: waits until no sink writes, for a second at most, and lets none begin. Sinks have
/// locks of their own, the program's too, which a child could never take if another thread of its
/// parent held them.
void hold_for_fork();
/// After it, in the parent.
void release_after_fork();
/// After it, in the child, where nobody writes any more.
void release_in_child();

}  // namespace hourglass::log
