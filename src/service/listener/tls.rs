use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::version::{TLS12, TLS13};
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use super::files::{read, read_secret};
use super::{ListenError, TlsOptions};

/// The server's certificate, which may change while it serves: a handshake uses the one that is there at its start.
pub(super) struct Tls {
    options: TlsOptions,
    current: ArcSwap<ServerConfig>,
}

impl Tls {
    /// Reads the files; refuses a private key that everyone can read, and one that is not the certificate's.
    pub(super) fn load(options: &TlsOptions) -> Result<Tls, ListenError> {
        let config = configure(options)?;
        Ok(Tls { options: options.clone(), current: ArcSwap::from_pointee(config) })
    }

    /// Reads the files again; on an error the certificate stays as it is.
    pub(super) fn reload(&self) -> Result<(), ListenError> {
        self.current.store(Arc::new(configure(&self.options)?));
        Ok(())
    }

    /// What shakes hands with the next connection.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(self.current.load_full())
    }
}

fn configure(options: &TlsOptions) -> Result<ServerConfig, ListenError> {
    const CERT: &str = "tls.cert";
    const KEY: &str = "tls.key";
    let chain = certificates(&options.cert, CERT)?;
    let key = PrivateKeyDer::from_pem_slice(&read_secret(&options.key, KEY)?)
        .map_err(|error| bad(&options.key, KEY, format!("no private key in PEM form: {error}")))?;

    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let versions: &[_] = if options.tls12 { &[&TLS13, &TLS12] } else { &[&TLS13] };
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .map_err(|error| bad(&options.cert, CERT, error.to_string()))?;
    let builder = match &options.client_ca {
        None => builder.with_no_client_auth(),
        Some(path) => {
            const CLIENT_CA: &str = "tls.client_ca";
            let mut roots = RootCertStore::empty();
            for certificate in certificates(path, CLIENT_CA)? {
                roots.add(certificate).map_err(|error| bad(path, CLIENT_CA, error.to_string()))?;
            }
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .build()
                .map_err(|error| bad(path, CLIENT_CA, error.to_string()))?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config = builder
        .with_single_cert(chain, key)
        .map_err(|error| bad(&options.cert, CERT, format!("does not go with the key in `tls.key`: {error}")))?;
    config.alpn_protocols = vec![b"h2".to_vec()];
    Ok(config)
}

fn certificates(path: &Path, key: &'static str) -> Result<Vec<CertificateDer<'static>>, ListenError> {
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&read(path, key)?)
        .collect::<Result<_, _>>()
        .map_err(|error| bad(path, key, format!("not PEM: {error}")))?;
    if chain.is_empty() {
        return Err(bad(path, key, "no certificate in PEM form".to_owned()));
    }
    Ok(chain)
}

fn bad(path: &Path, key: &'static str, problem: String) -> ListenError {
    ListenError::BadFile { path: path.to_owned(), key, problem }
}
