use std::fmt::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use prost::Message;
use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use rustls_pki_types::PrivatePkcs8KeyDer;
use rustls_pki_types::pem::PemObject;
use sha2::{Digest, Sha256};

use super::convert;
use super::listener::read_secret;
use crate::proto::v1;
use crate::resolver::Thresholds;

/// Why a key cannot be used, or a receipt is not believed.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// The key file cannot be used.
    #[error("{file}: {reason}")]
    Key {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// The system gives no random numbers.
    #[error("the system gives no random numbers for a key")]
    Random,
    /// A field that every receipt has is not there.
    #[error("receipt.{field}: {reason}: the receipt was not made by this program, or was cut")]
    Field {
        /// The field.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// It is signed with another key than the one that is trusted.
    #[error("the receipt is signed with the key {found}, trusted is {expected}")]
    OtherKey {
        /// Its key.
        found: String,
        /// The one that is trusted.
        expected: String,
    },
    /// The signature is not over what the receipt says.
    #[error("the signature does not fit: the receipt was changed after it was signed")]
    Signature,
    /// The request is not the one that was answered.
    #[error("the request is not the one that the receipt is for: its digest is {found}, the receipt has {expected}")]
    OtherQuery {
        /// Its digest.
        found: String,
        /// That of the receipt.
        expected: String,
    },
    /// The answer is not the one that was given.
    #[error("the {which} answer is not the one that was given: its digest is {found}, the receipt has {expected}")]
    OtherResult {
        /// Which answer.
        which: &'static str,
        /// Its digest.
        found: String,
        /// That of the receipt.
        expected: String,
    },
}

/// Signs receipts.
pub struct Signer {
    key: Ed25519KeyPair,
    public: String,
}

impl Signer {
    /// A new key: what to keep in a file, PKCS #8 in PEM.
    pub fn generate() -> Result<String, ReceiptError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| ReceiptError::Random)?;
        let text = STANDARD.encode(document.as_ref());
        let mut pem = String::from("-----BEGIN PRIVATE KEY-----\n");
        for line in text.as_bytes().chunks(64) {
            pem.push_str(&String::from_utf8_lossy(line));
            pem.push('\n');
        }
        pem.push_str("-----END PRIVATE KEY-----\n");
        Ok(pem)
    }

    /// The signer of a key file.
    pub fn open(file: &Path) -> Result<Signer, ReceiptError> {
        let shown = file.display().to_string();
        let bytes = read_secret(file, "receipts.key")
            .map_err(|error| ReceiptError::Key { file: shown.clone(), reason: error.to_string() })?;
        Signer::parse(&shown, &bytes)
    }

    /// The signer of a key in PEM; `place` is for messages.
    pub fn parse(place: &str, pem: &[u8]) -> Result<Signer, ReceiptError> {
        let refuse = |reason: String| ReceiptError::Key { file: place.to_owned(), reason };
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem)
            .map_err(|error| refuse(format!("no private key in PEM ({error}): make one with `exonym receipt key`")))?;
        let key = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der.secret_pkcs8_der())
            .map_err(|error| refuse(format!("no Ed25519 key ({error}): make one with `exonym receipt key`")))?;
        let public = hex(key.public_key().as_ref());
        Ok(Signer { key, public })
    }

    /// The key that verifies what it signs, 64 hexadecimal digits.
    pub fn public_key(&self) -> &str {
        &self.public
    }

    /// The receipt of an answer; the request is in its normal form.
    pub fn receipt(
        &self,
        request: &v1::ResolveRequest,
        response: &v1::ResolveResponse,
        thresholds: Thresholds,
    ) -> v1::Receipt {
        let mut receipt = v1::Receipt {
            query_digest: Sha256::digest(request.encode_to_vec()).to_vec(),
            version: response.version.clone(),
            match_threshold: thresholds.matching,
            review_threshold: thresholds.review,
            result_digest: result_digest(response),
            issued_at: Some(convert::timestamp(Timestamp::now())),
            public_key: self.public.clone(),
            signature: Vec::new(),
        };
        receipt.signature = self.key.sign(statement(&receipt).as_bytes()).as_ref().to_vec();
        receipt
    }
}

/// Where and how a query was answered, as the digest of a request has it.
pub(super) fn normal(
    scope: Option<v1::Scope>,
    options: v1::ResolveOptions,
    limit: usize,
) -> (Option<v1::Scope>, v1::ResolveOptions) {
    let scope = scope.map(|scope| v1::Scope { as_of: None, ..scope }).filter(|scope| *scope != v1::Scope::default());
    let limit = u32::try_from(limit).unwrap_or(u32::MAX);
    (scope, v1::ResolveOptions { limit, receipt: false, ..options })
}

/// Whether a receipt is what a key signed.
pub fn verify_signature(receipt: &v1::Receipt, trusted: &str) -> Result<(), ReceiptError> {
    let field = |field, reason| ReceiptError::Field { field, reason };
    for (digest, name) in [(&receipt.query_digest, "query_digest"), (&receipt.result_digest, "result_digest")] {
        if digest.len() != 32 {
            return Err(field(name, "not the 32 bytes of a SHA-256 digest"));
        }
    }
    if receipt.version.is_none() {
        return Err(field("version", "missing"));
    }
    if receipt.public_key != trusted {
        return Err(ReceiptError::OtherKey { found: receipt.public_key.clone(), expected: trusted.to_owned() });
    }
    let key = unhex(&receipt.public_key).ok_or_else(|| field("public_key", "not 64 hexadecimal digits"))?;
    let signed = UnparsedPublicKey::new(&ED25519, key).verify(statement(receipt).as_bytes(), &receipt.signature);
    signed.map_err(|_| ReceiptError::Signature)
}

/// Whether a receipt is for a request. `limit` is how many candidates there are where the request does not say.
pub fn verify_request(
    receipt: &v1::Receipt,
    request: &v1::ResolveRequest,
    limit: usize,
) -> Result<v1::ResolveRequest, ReceiptError> {
    let options = request.options.unwrap_or_default();
    let limit = if options.limit == 0 { limit } else { options.limit as usize };
    let (scope, options) = normal(request.scope.clone(), options, limit);
    let asked = v1::ResolveRequest { scope, options: Some(options), ..request.clone() };
    let found = Sha256::digest(asked.encode_to_vec());
    if found[..] != receipt.query_digest[..] {
        return Err(ReceiptError::OtherQuery { found: hex(&found), expected: hex(&receipt.query_digest) });
    }
    Ok(asked)
}

/// Whether a receipt is for an answer; `which` one it is, is for messages.
pub fn verify_response(
    receipt: &v1::Receipt,
    response: &v1::ResolveResponse,
    which: &'static str,
) -> Result<(), ReceiptError> {
    let found = result_digest(response);
    if found == receipt.result_digest {
        return Ok(());
    }
    Err(ReceiptError::OtherResult { which, found: hex(&found), expected: hex(&receipt.result_digest) })
}

fn result_digest(response: &v1::ResolveResponse) -> Vec<u8> {
    let bare = v1::ResolveResponse { receipt: None, ..response.clone() };
    Sha256::digest(bare.encode_to_vec()).to_vec()
}

/// What is signed: see `Receipt` in the contract.
fn statement(receipt: &v1::Receipt) -> String {
    let version = receipt.version.clone().unwrap_or_default();
    let issued = receipt.issued_at.unwrap_or_default();
    let mut text = String::from("exonym receipt 1\n");
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "query sha256 {}\nindex {}\nmodel {}\nengine {}\nregistry {}\nthresholds {:016x} {:016x}\nresult sha256 {}\n\
         issued {}.{:09}\nkey ed25519 {}\n",
        hex(&receipt.query_digest),
        version.index_version,
        version.model_version,
        version.engine_version,
        version.registry_revision,
        receipt.match_threshold.to_bits(),
        receipt.review_threshold.to_bits(),
        hex(&receipt.result_digest),
        issued.seconds,
        issued.nanos,
        receipt.public_key,
    );
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if digits.len() != 64 || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
