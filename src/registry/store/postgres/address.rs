use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

use super::super::Result;
use crate::registry::RegistryError;

/// The schema unless the address names one.
const SCHEMA: &str = "exonym";
/// How long a server may take to accept a connection, unless the address says.
const CONNECT: Duration = Duration::from_secs(5);
/// How long sent bytes may stay without an answer of the other machine: after that it is taken for gone.
const UNANSWERED: Duration = Duration::from_secs(10);

/// Where the registry is in PostgreSQL.
pub(super) struct Address {
    pub config: Config,
    /// Of the registry's own; everything lies in it.
    pub schema: String,
    /// Authorities (PEM) of the server's certificate; `None`: no TLS.
    pub authorities: Option<PathBuf>,
    /// What stands in messages: host, database and schema, never a secret.
    pub place: String,
}

impl Address {
    /// Reads `postgresql://USER@HOST:PORT/DATABASE?schema=NAME&sslrootcert=FILE` and further parameters of libpq.
    pub fn parse(url: &str, password_file: Option<&Path>) -> Result<Address> {
        let wrong = |reason: String| RegistryError::Address(reason);
        if !url.starts_with("postgresql://") && !url.starts_with("postgres://") {
            let expected = "expected postgresql://USER@HOST:PORT/DATABASE, such as postgresql://exonym@db:5432/exonym";
            return Err(wrong(expected.to_owned()));
        }
        let (mut kept, query) =
            url.split_once('?').map_or((url.to_owned(), ""), |(url, query)| (url.to_owned(), query));
        let (mut schema, mut authorities, mut mode) = (SCHEMA.to_owned(), None, None);
        let mut separator = '?';
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            match key {
                "schema" => schema = value.to_owned(),
                "sslrootcert" => authorities = Some(PathBuf::from(value)),
                "sslmode" => mode = Some(value.to_owned()),
                _ => {
                    kept.push(separator);
                    kept.push_str(pair);
                    separator = '&';
                }
            }
        }
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let named = schema.starts_with(|c: char| c.is_ascii_lowercase()) && schema.chars().all(plain);
        if !named || schema.len() > 48 || schema.starts_with("pg_") {
            return Err(wrong(format!("schema={schema}: expected 1 to 48 of a-z, 0-9 and _, the first a letter")));
        }
        // The parser's own message may quote the text, and with it a password.
        let mut config = Config::from_str(&kept).map_err(|error| {
            let reason = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
            wrong(format!("not a URL of PostgreSQL: {reason}"))
        })?;
        match mode.as_deref() {
            Some("disable") => authorities = None,
            // A connection that cannot tell whom it speaks to is no secret: the certificate is always verified.
            Some("require" | "verify-ca" | "verify-full") if authorities.is_none() => {
                let problem =
                    "sslmode needs sslrootcert=FILE, the authorities that the server's certificate comes from";
                return Err(wrong(problem.to_owned()));
            }
            None | Some("require" | "verify-ca" | "verify-full") => {}
            Some(other) => {
                return Err(wrong(format!("sslmode={other}: expected disable, or verify-full with sslrootcert=FILE")));
            }
        }
        config.ssl_mode(if authorities.is_some() { SslMode::Require } else { SslMode::Disable });
        if let Some(path) = password_file {
            let text = std::fs::read_to_string(path);
            let text = text.map_err(|source| RegistryError::Io { path: path.to_owned(), source })?;
            config.password(text.trim_end_matches(['\r', '\n']));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        config.tcp_user_timeout(UNANSWERED).keepalives_idle(UNANSWERED);
        if config.get_application_name().is_none() {
            config.application_name("exonym");
        }
        let place = place(&config, &schema);
        Ok(Address { config, schema, authorities, place })
    }
}

fn place(config: &Config, schema: &str) -> String {
    let hosts: Vec<String> = config
        .get_hosts()
        .iter()
        .enumerate()
        .map(|(at, host)| {
            let port = config.get_ports().get(at).or(config.get_ports().first()).copied().unwrap_or(5432);
            match host {
                Host::Tcp(name) => format!("{name}:{port}"),
                #[cfg(unix)]
                Host::Unix(path) => path.display().to_string(),
            }
        })
        .collect();
    let database = config.get_dbname().or(config.get_user()).unwrap_or_default();
    format!("postgresql://{}/{database} (schema {schema})", hosts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> String {
        match Address::parse(url, None) {
            Ok(_) => panic!("{url} was taken"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_address_is_read_and_shown_without_its_secret() {
        let url = "postgresql://alice:secret@db.example:5433/lists?schema=sanctions&application_name=one";
        let address = Address::parse(url, None).unwrap();
        assert_eq!(address.place, "postgresql://db.example:5433/lists (schema sanctions)");
        assert_eq!(address.config.get_application_name(), Some("one"));
        assert_eq!(address.config.get_password(), Some(&b"secret"[..]));
        assert_eq!((address.schema.as_str(), address.config.get_ssl_mode()), ("sanctions", SslMode::Disable));
        assert_eq!(Address::parse("postgres://db/x", None).unwrap().schema, "exonym");
    }

    #[test]
    fn a_password_comes_from_a_file() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "from the file\n").unwrap();
        let address = Address::parse("postgresql://alice@db/x", Some(file.path())).unwrap();
        assert_eq!(address.config.get_password(), Some(&b"from the file"[..]));
        let missing = Address::parse("postgresql://alice@db/x", Some(Path::new("/nowhere/to/be/found")));
        assert!(matches!(missing, Err(RegistryError::Io { .. })));
    }

    #[test]
    fn a_certificate_is_always_verified() {
        assert!(refused("postgresql://db/x?sslmode=require").contains("needs sslrootcert=FILE"));
        assert!(refused("postgresql://db/x?sslmode=prefer").contains("expected disable"));
        let address = Address::parse("postgresql://db/x?sslrootcert=/etc/ca.pem", None).unwrap();
        assert_eq!(address.config.get_ssl_mode(), SslMode::Require);
    }

    #[test]
    fn what_is_no_address_is_told_without_its_secret() {
        for url in ["", "data", "mysql://db/x", "postgresql://a:secret@db:port/x", "postgresql://a:secret@db/x?no=1"] {
            let sentence = refused(url);
            assert!(sentence.starts_with("the address of the registry"), "{sentence}");
            assert!(!sentence.contains("secret"), "{sentence}");
        }
        for schema in ["", "A", "a-b", "a\"b", "pg_x", "1a", &"a".repeat(49)] {
            let sentence = refused(&format!("postgresql://db/x?schema={schema}"));
            assert!(sentence.contains("expected 1 to 48 of a-z"), "{sentence}");
        }
    }
}
