#pragma once

namespace hourglass::cli {

/// The command `hourglass`, as src/cli/main.cpp calls it; for a program of one's own that is to
/// know one's workflows without loading a library: `int main(int argc, char** argv) { return
/// hourglass::cli::run(argc, argv); }` has `my_program replay histories/`.
/// @returns the exit code: 0 if all went well, 1 if a history failed, 2 if the command could not be
/// carried out.
int run(int argc, char** argv);

}  // namespace hourglass::cli
