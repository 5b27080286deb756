/// Which index and model gave an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    /// Digest of the index manifest, hexadecimal.
    pub index: String,
    /// Version of tables and weights.
    pub model: String,
    /// Revision of the registry the index was built from.
    pub registry_revision: u64,
}
