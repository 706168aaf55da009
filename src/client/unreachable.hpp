#pragma once

#include "hourglass/client/client_options.hpp"
#include "src/client/rpc_channel.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hourglass::client {

/// What Core's transport says, and nothing else, when a server closes a connection that has hardly
/// begun; its gRPC code is Unknown then.
inline constexpr std::string_view kConnectionBroke = ": transport error";
inline constexpr std::string_view kThroughProxy = ", through the HTTP proxy at ";

/// Names the proxy in the reason why no server was reached: the address in it is the server's, and
/// it is the proxy that was connected to.
inline void name_proxy(const std::optional<HttpProxyOptions>& proxy, std::string& reason) {
    if (proxy) {
        reason += kThroughProxy;
        reason += proxy->address;
    }
}

/// What to check when no server is reached, by the reason that the transport gave. Empty: it is of
/// no special kind.
inline std::string_view advice_on(std::string_view reason) {
    const auto says = [reason](std::string_view text) {
        return reason.find(text) != std::string_view::npos;
    };
    if (says("InvalidContentType")) {
        return "TLS is on, because ClientOptions::tls or api_key is set, and what answers does not "
               "speak it; check the port, or leave out what turns TLS on";
    }
    if (says("UnknownIssuer")) {
        return "nobody who is trusted here has signed the server's certificate; set "
               "TlsOptions::server_root_ca to the certificate of the authority that has";
    }
    if (says("certificate not valid for name") || says("NotValidForName")) {
        return "the server's certificate is for another name; set TlsOptions::server_name or "
               "verification_server_name to one that it is for";
    }
    if (says("CaUsedAsEndEntity")) {
        return "the server's certificate is an authority's own, as plain `openssl req -x509` makes "
               "it; give the server one that an authority has signed, and the authority's to "
               "TlsOptions::server_root_ca";
    }
    if (says("invalid peer certificate")) {
        return "the server's certificate cannot be accepted; renew it, and check the clocks";
    }
    if (says("cannot connect to http://") && says(kConnectionBroke)) {
        return "what answers ends a connection without TLS; if it speaks TLS, set "
               "ClientOptions::tls";
    }
    if (says("cannot connect to https://") && says(kConnectionBroke)) {
        return "what answers ends the connection; if it wants a certificate of the client's, set "
               "TlsOptions::client_certificate and client_private_key";
    }
    return {};
}

}  // namespace hourglass::client
