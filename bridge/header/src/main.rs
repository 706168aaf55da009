//! Writes the C header of the bridge to the file that is given, else to standard output.

use std::{env, error::Error, io, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    // Of the checkout that runs it: the program may have been built in another one, in the shared
    // target folder.
    let bridge = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("..");
    let config = cbindgen::Config::from_file(bridge.join("cbindgen.toml"))?;
    let builder = cbindgen::Builder::new()
        .with_crate(bridge)
        .with_config(config);
    let bindings = builder.generate()?;
    match env::args().nth(1) {
        Some(file) => {
            bindings.write_to_file(file);
        }
        None => bindings.write(io::stdout()),
    }
    Ok(())
}
