use std::fmt;
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};
use tonic::Status;

use super::files::read_secret;
use super::{Access, ListenError, Method, Roles, TokenOptions};

/// Who calls, as the credential says; never what a message claims.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    name: Arc<str>,
    roles: Roles,
}

impl Principal {
    /// The name in the token file: printable ASCII, 1 to 64 characters.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it may do.
    pub fn roles(&self) -> Roles {
        self.roles
    }
}

/// Static bearer tokens, known by their SHA-256 digests alone.
#[derive(Default)]
pub struct Tokens(Vec<([u8; 32], Principal)>);

/// Prints no digest.
impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(_, principal)| principal)).finish()
    }
}

impl Tokens {
    /// Reads lines of `digest <TAB> name <TAB> roles`, where the digest is the SHA-256 of the token in 64 hexadecimal
    /// digits and roles are words with commas between. Empty lines and lines that begin with `#` are skipped. Several
    /// lines may have one name: that is how a token is replaced without a gap.
    ///
    /// # Errors
    ///
    /// [`ListenError::BadToken`] names the file and line; a file without a token is an error too.
    pub fn parse(file: &Path, text: &str) -> Result<Tokens, ListenError> {
        let mut tokens = Tokens::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = |problem: String| ListenError::BadToken { path: file.to_owned(), line: at + 1, problem };
            let cells: Vec<&str> = line.split('\t').collect();
            let &[digest, name, roles] = cells.as_slice() else {
                return Err(bad(format!(
                    "expected digest, name and roles with tabs between, got {} cells",
                    cells.len()
                )));
            };
            let digest = digest_of_hex(digest)
                .ok_or_else(|| bad("the first cell is not a sha-256 digest of 64 hexadecimal digits".to_owned()))?;
            if name.is_empty() || name.len() > 64 || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(bad("the name is not 1 to 64 printable ASCII characters without a space".to_owned()));
            }
            if tokens.0.iter().any(|(known, _)| *known == digest) {
                return Err(bad("the digest is there twice".to_owned()));
            }
            let roles = roles.parse().map_err(bad)?;
            tokens.0.push((digest, Principal { name: name.into(), roles }));
        }
        if tokens.0.is_empty() {
            let problem = "no token; add a line of digest, name and roles with tabs between".to_owned();
            return Err(ListenError::BadFile { path: file.to_owned(), key: KEY, problem });
        }
        Ok(tokens)
    }

    /// The principal of a token. Compares with every digest in constant time: how long it takes tells nothing.
    pub fn find(&self, token: &[u8]) -> Option<&Principal> {
        let digest: [u8; 32] = Sha256::digest(token).into();
        let mut found = u32::MAX;
        for (at, (known, _)) in self.0.iter().enumerate() {
            let same: Choice = known.ct_eq(&digest);
            found.conditional_assign(&(at as u32), same);
        }
        self.0.get(found as usize).map(|(_, principal)| principal)
    }
}

const KEY: &str = "auth.tokens";

fn digest_of_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut digest = [0; 32];
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(digest)
}

/// Decides who may call what.
#[derive(Debug)]
pub(super) struct Auth {
    tokens: Option<(TokenOptions, ArcSwap<Tokens>)>,
}

impl Auth {
    /// Reads the token file, if there is one.
    pub(super) fn load(options: Option<&TokenOptions>) -> Result<Auth, ListenError> {
        let Some(options) = options else {
            return Ok(Auth { tokens: None });
        };
        let text = read_secret(&options.file, KEY)?;
        let tokens = Auth::parse(options, &text)?;
        Ok(Auth { tokens: Some((options.clone(), ArcSwap::from_pointee(tokens))) })
    }

    fn parse(options: &TokenOptions, bytes: &[u8]) -> Result<Tokens, ListenError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ListenError::BadFile {
            path: options.file.clone(),
            key: KEY,
            problem: "the file is not UTF-8".to_owned(),
        })?;
        Tokens::parse(&options.file, text)
    }

    /// Reads the file again; on an error the tokens stay as they are.
    pub(super) fn reload(&self) -> Result<(), ListenError> {
        if let Some((options, tokens)) = &self.tokens {
            let text = read_secret(&options.file, KEY)?;
            tokens.store(Arc::new(Auth::parse(options, &text)?));
        }
        Ok(())
    }

    /// Lets a call pass or tells why not. The message never says whether a token exists.
    pub(super) fn admit(&self, method: &Method, headers: &HeaderMap) -> Result<Option<Principal>, Status> {
        let (Some((_, tokens)), Access::Needs(role)) = (&self.tokens, method.access) else {
            return Ok(None);
        };
        let tokens = tokens.load();
        let principal = bearer(headers).and_then(|token| tokens.find(token)).ok_or_else(|| {
            Status::unauthenticated("the call needs a known token in the header `authorization: Bearer TOKEN`")
        })?;
        if !principal.roles.contains(role) {
            return Err(Status::permission_denied(format!("{} needs the role `{role}`", method.path)));
        }
        Ok(Some(principal.clone()))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&[u8]> {
    let value = headers.get(AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(7)?;
    scheme.eq_ignore_ascii_case(b"bearer ").then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"; // of `secret`

    fn parse(text: &str) -> Result<Tokens, String> {
        Tokens::parse(Path::new("tokens.tsv"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn finds_by_digest() {
        let tokens = parse(&format!("# ours\n\n{SECRET}\talice\tquery,read\r\n")).unwrap();
        let alice = tokens.find(b"secret").unwrap();
        assert_eq!(alice.name(), "alice");
        assert!(alice.roles().contains(super::super::Role::Read));
        assert!(!alice.roles().contains(super::super::Role::Write));
        assert_eq!(tokens.find(b"Secret"), None);
        assert_eq!(tokens.find(b""), None);
    }

    #[test]
    fn errors_name_the_line_and_never_the_digest() {
        for (text, says) in [
            ("# only a comment\n".to_owned(), "no token"),
            (format!("\n{SECRET}\talice\n"), "tokens.tsv:2: expected digest"),
            ("abc\talice\tquery".to_owned(), "tokens.tsv:1: the first cell is not"),
            (format!("{SECRET}\talice\tquery,root"), "unknown role `root`"),
            (format!("{SECRET}\tal ice\tquery"), "the name is not"),
            (format!("{SECRET}\ta\tquery\n{SECRET}\tb\tread"), "tokens.tsv:2: the digest is there twice"),
        ] {
            let error = parse(&text).unwrap_err();
            assert!(error.contains(says), "{error}");
            assert!(!error.contains(SECRET), "{error}");
        }
        assert!(!format!("{:?}", parse(&format!("{SECRET}\ta\tquery")).unwrap()).contains("2bb8"));
    }
}
