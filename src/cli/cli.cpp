#include "hourglass/cli/cli.hpp"

#include "src/cli/replay_command.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>

namespace hourglass::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kNotDone = 2;

CLI::App* add_replay(CLI::App& app, ReplayCommand& command) {
    CLI::App* replay = app.add_subcommand(
        "replay",
        "Runs recorded histories through workflows, to see whether the code still fits them"
    );
    replay->footer(
        "Exit code: 0 if every history replayed, 1 if one failed, 2 if the command could not be "
        "carried out.\n"
        "A history is what `temporal workflow show --output json` or the Web UI give."
    );
    replay
        ->add_option("histories", command.files_and_folders, "Files, or folders of *.json and *.pb")
        ->type_name("FILE_OR_FOLDER");
    replay
        ->add_option(
            "-l,--library",
            command.libraries,
            "A shared library with HOURGLASS_WORKFLOWs; may be given several times"
        )
        ->allow_extra_args(false)
        ->type_name("FILE");
    CLI::Option* query =
        replay
            ->add_option(
                "-q,--query",
                command.query,
                "Instead of files: a list filter for the server at TEMPORAL_ADDRESS, such as "
                "\"WorkflowType='Checkout'\"; empty for all"
            )
            ->type_name("FILTER");
    query->each([&command](const std::string& /*text*/) { command.from_server = true; });
    replay->add_option("--limit", command.limit, "How many executions of the query, newest first")
        ->capture_default_str();
    replay
        ->add_option(
            "--namespace", command.workflow_namespace, "What workflows see as theirs, for files"
        )
        ->capture_default_str();
    replay->add_option("-j,--parallel", command.parallel, "Histories at once; 0: one a processor")
        ->capture_default_str();
    replay->add_flag("--quiet", command.quiet, "Tells of failures only");
    return replay;
}

}  // namespace

int run(int argc, char** argv) {
    CLI::App app{"Hourglass: durable workflows in C++", "hourglass"};
    app.require_subcommand(1);
    ReplayCommand command;
    add_replay(app, command);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : kNotDone;  // --help is one too
    }
    try {
        return replay(command) ? 0 : kFailed;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
        return kNotDone;
    }
}

}  // namespace hourglass::cli
