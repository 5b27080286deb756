mod real_lists;

use std::path::{Path, PathBuf};

use super::*;

/// A folder of public lists outside of the repository; `None` where it is absent, and loudly so.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is absent", path.display());
    None
}

fn dataset(name: &str) -> DatasetName {
    name.parse().unwrap()
}

fn quiet(_: Progress) {}

fn bundled() -> Mapping {
    Mapping::parse(bundled_mapping("eu-journal").unwrap(), "eu-journal").unwrap()
}
