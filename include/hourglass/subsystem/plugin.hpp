#pragma once

#include "hourglass/client/client_options.hpp"
#include "hourglass/worker/worker_options.hpp"

#include <string>

namespace hourglass {

/// Options, definitions and interceptors that belong together, as one thing to add to an
/// Application: `ApplicationOptions::plugins`.
///
/// The first plugin is asked first, so that a later one sees what it did. A plugin adds to what is
/// there: what the program has set is its decision.
/// @threads the one that makes the Application or starts the worker.
class Plugin {
public:
    Plugin() = default;
    Plugin(const Plugin&) = delete;
    Plugin& operator=(const Plugin&) = delete;
    virtual ~Plugin() = default;

    /// For messages, not empty; two plugins of an Application have two names.
    [[nodiscard]] virtual std::string name() const = 0;
    /// Once, before the Application is made of them.
    /// @throws what it likes; the Application's constructor throws it.
    virtual void configure_client(ClientOptions& /*options*/) {}
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
