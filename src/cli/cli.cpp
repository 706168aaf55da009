#include "hourglass/cli/cli.hpp"

#include "src/cli/codec_server_command.hpp"
#include "src/cli/replay_command.hpp"

#include <CLI/CLI.hpp>

#include <exception>
#include <iostream>
#include <string>

namespace hourglass::cli {
namespace {

constexpr int kFailed = 1;
constexpr int kNotDone = 2;

/// Words that are left over after a command is known are CLI11's to report. Of the others only the
/// first is shown, and of that no value: a secret may be among them.
std::string unknown_word(const CLI::App& app) {
    const std::string word = app.remaining().front();
    return "there is no command or option \"" + word.substr(0, word.find('=')) + "\"";
}

void add_data(CLI::App& command, DataFlags& flags) {
    command.add_flag("--zlib", flags.zlib, "Payloads are compressed with zlib");
    command
        .add_option(
            "--aes-key",
            flags.aes_keys,
            "Payloads are encrypted with AES-256-GCM: the key's id, and the file that has its 32 "
            "bytes, as they are or in base64 or hexadecimal; may be given several times, and the "
            "first one encrypts"
        )
        ->allow_extra_args(false)
        ->type_name("ID=FILE");
    command
        .add_option(
            "--storage-folder", flags.storage_folder, "Large payloads are in files in this folder"
        )
        ->type_name("FOLDER");
}

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
    CLI::Option* query = replay
                             ->add_option(
                                 "-q,--query",
                                 command.query,
                                 "Instead of files: a list filter for the server that "
                                 "TEMPORAL_ADDRESS or the profile "
                                 "TEMPORAL_PROFILE of temporal.toml names, such as "
                                 "\"WorkflowType='Checkout'\"; empty "
                                 "for all"
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
    add_data(*replay, command.data);
    return replay;
}

CLI::App* add_codec_server(CLI::App& app, CodecServerCommand& command) {
    CLI::App* server = app.add_subcommand(
        "codec-server",
        "Encodes and decodes payloads for the Web UI and the command `temporal`, over HTTP"
    );
    server->footer(
        "POST /encode and /decode take and give {\"payloads\": […]}. It stands at this machine "
        "only "
        "unless --host says otherwise; then it needs a token."
    );
    server->add_option("--host", command.host, "The address to listen on")->capture_default_str();
    server->add_option("-p,--port", command.port, "0: any that is free")->capture_default_str();
    server
        ->add_option(
            "--origin",
            command.origins,
            "Whose pages may ask, as scheme://host:port, such as http://localhost:8233; may be "
            "given several times"
        )
        ->allow_extra_args(false)
        ->type_name("URL");
    server
        ->add_option(
            "--token-file",
            command.token_file,
            "A file with the token that requests must bring as Authorization: Bearer; without it "
            "HOURGLASS_CODEC_TOKEN is the token, if it is set"
        )
        ->type_name("FILE");
    add_data(*server, command.data);
    return server;
}

}  // namespace

int run(int argc, char** argv, const CliOptions& options) {
    CLI::App app{"Hourglass: durable workflows in C++", "hourglass"};
    app.set_version_flag("--version", "hourglass " HOURGLASS_VERSION);
    // It is required all the same, below: CLI11 would say so before it names a misspelt one.
    app.require_subcommand(0, 1);
    ReplayCommand replay_command;
    CodecServerCommand server_command;
    add_replay(app, replay_command);
    const CLI::App* const codec_server = add_codec_server(app, server_command);
    try {
        app.parse(argc, argv);
        if (app.get_subcommands().empty()) {
            throw CLI::RequiredError::Subcommand(1);
        }
    } catch (const CLI::ParseError& error) {
        if (dynamic_cast<const CLI::ExtrasError*>(&error) && app.get_subcommands().empty()) {
            std::cerr << "error: " << unknown_word(app) << "; --help lists what there is\n";
            return kNotDone;
        }
        return app.exit(error) == 0 ? 0 : kNotDone;  // --help is one too
    }
    try {
        if (codec_server->parsed()) {
            serve_codecs(server_command, options.data);
            return 0;
        }
        return replay(replay_command, options) ? 0 : kFailed;
    } catch (const std::exception& error) {
        std::cerr << "error: " << error.what() << "\n";
        return kNotDone;
    }
}

}  // namespace hourglass::cli
