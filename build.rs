//! Compiles what the program carries: the protos into types, servers and clients, and the linguistic tables into
//! static data. A table that breaks its own rules stops the build with `file:line: sentence`.
//!
//! No `protoc` is needed: protox is a compiler written in Rust.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

use prost::Message;

#[path = "src/text/alphabet.rs"]
mod alphabet;
#[path = "src/tables/check.rs"]
mod check;
#[path = "src/translit/pattern.rs"]
#[allow(dead_code)]
mod pattern;
#[path = "src/tables/tsv.rs"]
#[allow(dead_code)]
mod tsv;

type Failure = Box<dyn std::error::Error>;

fn main() {
    let done = protos().and_then(|()| tables());
    if let Err(failure) = done {
        eprintln!("{failure}");
        std::process::exit(1);
    }
}

/// Compiles `proto/` and writes, beside the code, the descriptor set that reflection serves.
fn protos() -> Result<(), Failure> {
    println!("cargo::rerun-if-changed=proto");
    let files = files_in(Path::new("proto/exonym"), "proto")?;

    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler.include_imports(true).include_source_info(true).open_files(&files)?;
    let set = prost_types::FileDescriptorSet::decode(&compiler.encode_file_descriptor_set()[..])?;

    let mut slim = set.clone();
    for file in &mut slim.file {
        file.source_code_info = None;
    }
    let slim = slim.encode_to_vec();
    fs::write(out_dir()?.join("descriptor.bin"), &slim)?;

    let mut config = tonic_prost_build::Config::new();
    config.compile_well_known_types();
    tonic_prost_build::configure()
        .extern_path(".google.protobuf", "::pbjson_types")
        .compile_fds_with_config(set, config)?;
    pbjson_build::Builder::new()
        .register_descriptors(&slim)?
        .preserve_proto_field_names()
        .build(&[".exonym.v1", ".google.rpc"])?;
    Ok(())
}

/// Compiles every `src/**/data/*.tsv` into `tables.rs`, sorted by path, with a digest of them and of the alphabet.
fn tables() -> Result<(), Failure> {
    // Only the data: an edit of the code must not compile tables and protos again.
    for room in fs::read_dir("src")? {
        let data = room?.path().join("data");
        if data.is_dir() {
            println!("cargo::rerun-if-changed={}", data.display());
        }
    }
    for file in ["src/tables/tsv.rs", "src/tables/check.rs", "src/translit/pattern.rs", "src/text/alphabet.rs"] {
        println!("cargo::rerun-if-changed={file}");
    }
    let mut tables = BTreeMap::new();
    let mut digest = blake3::Hasher::new();
    digest.update(&alphabet::VERSION.to_le_bytes());
    let mut code = String::from("/// Every table, sorted by path.\npub static TABLES: &[Table] = &[\n");
    for path in files_in(Path::new("src"), "tsv")? {
        let file = path.strip_prefix("src")?.to_string_lossy().replace('\\', "/");
        if !file.contains("/data/") {
            continue;
        }
        let path_in_crate = format!("src/{file}");
        let table = tsv::Tsv::parse(&path_in_crate, &fs::read_to_string(&path)?)?;
        writeln!(
            code,
            "Table {{ file: {file:?}, header: &{:?}, columns: &{:?}, rows: &[",
            table.header, table.columns
        )?;
        for row in &table.rows {
            writeln!(code, "({}, &{:?}),", row.line, row.cells)?;
        }
        code.push_str("] },\n");
        let (header, columns) = (&table.header, &table.columns);
        let rows: Vec<_> = table.rows.iter().map(|row| (row.line, &row.cells)).collect();
        // As the program's own tables print themselves.
        let printed = format!("Table {{ file: {file:?}, header: {header:?}, columns: {columns:?}, rows: {rows:?} }}");
        digest.update(printed.as_bytes());
        tables.insert(path_in_crate, table);
    }
    check::schemes(&tables)?;
    code.push_str("];\n");
    writeln!(
        code,
        "/// Over all tables and the alphabet.\npub static DIGEST: [u8; 32] = {:?};",
        digest.finalize().as_bytes()
    )?;
    fs::write(out_dir()?.join("tables.rs"), code)?;
    Ok(())
}

fn out_dir() -> Result<PathBuf, Failure> {
    Ok(PathBuf::from(env::var("OUT_DIR")?))
}

/// All files below a folder with an extension, sorted.
fn files_in(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}
