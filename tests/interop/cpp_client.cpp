// The C++ client of the interoperability test: talks to a workflow of a Python worker.
#include "cpp_side.hpp"

#include <exception>
#include <iostream>
#include <stdexcept>

namespace {

namespace hg = hourglass;
using interop::Parcel;

template <class T>
void expect_equal(const char* what, const T& got, const T& wanted) {
    if (got != wanted) {
        throw std::runtime_error{
            std::string{what} + ": got " + nlohmann::json(got).dump() + ", wanted " +
            nlohmann::json(wanted).dump()
        };
    }
    std::cout << "ok: " << what << "\n";
}

void talk_to_python(const hg::Client& client) {
    auto handle = client.start(
        "PythonGreeter",
        {.id = "interop-python-greeter", .task_queue = interop::kPythonQueue},
        Parcel{"p3", 1.5, {"x"}, "fragile"}
    );
    handle.signal("greet", "ada");
    expect_equal(
        "query of a Python workflow",
        handle.query<std::vector<std::string>>("greeted"),
        std::vector<std::string>{"ada"}
    );
    try {
        handle.update<int>("finish", "");
        throw std::runtime_error{"the Python validator let an empty name pass"};
    } catch (const hg::UpdateFailedError& error) {
        const auto cause = std::dynamic_pointer_cast<const hg::ApplicationError>(error.cause());
        expect_equal(
            "type of a Python validator's error",
            cause ? cause->type() : std::string{},
            std::string{"BadName"}
        );
    }
    expect_equal("update of a Python workflow", handle.update<int>("finish", "bob"), 2);
    const auto result = handle.result<nlohmann::json>();
    const nlohmann::json wanted{
        {"names", {"ada", "bob"}},
        {"parcel", {{"id", "p3"}, {"weight", 4.5}, {"tags", {"x", "cpp"}}, {"note", nullptr}}}
    };
    expect_equal("names", result.at("names"), wanted.at("names"));
    expect_equal(
        "weight after a C++ activity called from Python",
        result.at("parcel").at("weight"),
        wanted.at("parcel").at("weight")
    );
    expect_equal("tags", result.at("parcel").at("tags"), wanted.at("parcel").at("tags"));
    expect_equal("note", result.at("parcel").at("note").get<std::string>(), std::string{"fragile"});
}

}  // namespace

int main() {
    try {
        talk_to_python(hg::Client::connect(interop::client_options()));
        std::cout << "the C++ client is content\n";
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << "\n";
        return 1;
    }
}
