// Needs no server: the tree without its Subsystem.
#include <hourglass/hourglass.hpp>

#include <string>

namespace hg = hourglass;

class Greeting {
public:
    hg::Task<std::string> run(std::string name) { co_return "hello " + name; }
};
HOURGLASS_WORKFLOW(Greeting, run);

int main() {
    hg::ApplicationOptions options;
    options.start_runtime = false;
    hg::Application app{options};
    return app.tree().children.size() == 4 ? 0 : 1;
}
