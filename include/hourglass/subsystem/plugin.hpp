#pragma once

#include "hourglass/client/plugin.hpp"
#include "hourglass/worker/worker_options.hpp"

namespace hourglass {

/// Options, definitions and interceptors that belong together, as one thing to add to an
/// Application: `ApplicationOptions::plugins`. It acts on the Application's client as a
/// ClientPlugin does; one that is in the list of the client alone, `ClientOptions::plugins`, acts
/// on the workers all the same. One that is in both acts once. What concerns replays, too, is a
/// testing::ReplayPlugin besides (<hourglass/testing/replayer.hpp>).
/// @threads the one that makes the Application or starts the worker.
class Plugin : public ClientPlugin {
public:
    /// Once for the default worker, if the Application starts one, and once for each worker that
    /// `start_worker` starts. To add activities to those of HOURGLASS_ACTIVITY, begin with them:
    ///
    ///     if (!options.activities) {
    ///         options.activities = activity::Catalog::definitions();
    ///     }
    ///     options.activities->add<&audit>();
    ///
    /// @throws what it likes; the constructor or `start_worker` throws it.
    virtual void configure_worker(WorkerOptions& /*options*/) {}
};

}  // namespace hourglass
