// The C++ client of the interoperability test with an SDK whose worker knows the same workflows as
// the C++ worker.
#include "peer_client.hpp"

#include <cstdlib>
#include <exception>

int main() {
    namespace peer = interop::peer;
    try {
        const auto client = hourglass::Client::connect(interop::client_options());
        peer::check_values(client);
        peer::check_context(client);
        peer::check_messages(client);
        peer::check_failures(client);
        peer::check_ends(client);
        if (interop::client_options().data.codecs.empty()) {
            peer::check_timeouts(client);  // seconds, and nothing in them is encoded
        }
        std::cout << "the C++ client is content\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
