#pragma once

#include "hourglass/client/client_options.hpp"

#include <string>

namespace hourglass {

/// Options and interceptors of a client that belong together, as one thing to add:
/// `ClientOptions::plugins`. One that has something for workers, too, is a Plugin
/// (<hourglass/subsystem/plugin.hpp>).
///
/// The first plugin is asked first, so that a later one sees what it did. A plugin adds to what is
/// there: what the program has set is its decision.
/// @threads the one that connects the client, or makes the Application.
class ClientPlugin {
public:
    ClientPlugin() = default;
    ClientPlugin(const ClientPlugin&) = delete;
    ClientPlugin& operator=(const ClientPlugin&) = delete;
    virtual ~ClientPlugin() = default;

    /// For messages, not empty; two plugins of a client or an Application have two names.
    [[nodiscard]] virtual std::string name() const = 0;
    /// Once for each client, before it is made of them. The options' own list of plugins is empty
    /// meanwhile, and what is added to it is not used.
    /// @throws what it likes; `Client::connect` and the Application's constructor throw it.
    virtual void configure_client(ClientOptions& /*options*/) {}
};

}  // namespace hourglass
