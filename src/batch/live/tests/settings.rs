use super::*;
use crate::sources::{Format, Mapping};

fn fault(change: impl Fn(&mut Source)) -> (&'static str, String) {
    let mut source = Source::new("sample".parse().unwrap(), vec!["https://example.org/list.csv".to_owned()]);
    assert_eq!(source.check(), Ok(()));
    change(&mut source);
    let fault = source.check().unwrap_err();
    (fault.key, fault.problem)
}

#[test]
fn what_cannot_work_is_told_before_it_is_tried() {
    let of_urls = |urls: &[&str]| fault(|source| source.urls = urls.iter().map(|url| (*url).to_owned()).collect());
    assert_eq!(of_urls(&[]), ("url", "names no address".to_owned()));
    assert_eq!(of_urls(&["http://example.org/x?token=secret"]).0, "url");
    assert!(of_urls(&["http://example.org/x"]).1.contains("allow_http = true"));
    assert!(of_urls(&["ftp://example.org/x?token=secret"]).1.ends_with("got \"ftp://example.org/x\""));
    assert!(of_urls(&["list.csv"]).1.contains("must begin with https://"));
    assert!(of_urls(&["http://127.0.0.1.example.org/x"]).1.contains("plaintext"));
    assert!(of_urls(&["https://a/x.csv", "https://b/x.csv?y"]).1.contains("the file name \"x.csv\""));
    for local in ["http://localhost:1/x", "http://127.0.0.1/x", "http://[::1]:1/x"] {
        assert_eq!(Source::new("sample".parse().unwrap(), vec![local.to_owned()]).check(), Ok(()), "{local}");
    }
    let two = vec!["https://a/x.csv".to_owned(), "https://a/y.csv".to_owned()];
    assert_eq!(fault(|source| (source.urls, source.sha256) = (two.clone(), Some("0".repeat(64)))).0, "sha256");
    assert_eq!(fault(|source| source.sha256 = Some("xyz".into())).0, "sha256");
    assert_eq!(fault(|source| source.checksum_url = Some("http://example.org/x".into())).0, "url");
    assert_eq!(fault(|source| source.format = Some(Format::Mapped)).0, "format");
    let text = crate::sources::bundled_mapping("eu-journal").unwrap();
    let mapping = Mapping::parse("eu-journal", text).unwrap();
    let with_mapping = |source: &mut Source| {
        (source.format, source.mapping) = (Some(Format::Ftm), Some((mapping.clone(), text.to_owned())));
    };
    assert_eq!(fault(with_mapping).0, "mapping");
    let header = Header { name: "a b".into(), value: HeaderValue::Text(String::new()) };
    assert_eq!(fault(|source| source.headers = vec![header.clone()]).0, "headers");
    assert_eq!(fault(|source| source.max_loss = f64::NAN).0, "max_loss_percent");
}
