use std::time::Duration;

use tonic::Code;

use super::*;
use crate::service::listener::{FetchResult, ImportResult, MatchOutcome, Observer, Shed};
use crate::text::Script;

const RESOLVE: &str = "exonym.v1.ResolverService/Resolve";

fn all_recorded() -> String {
    let metrics = Metrics::new();
    metrics.call_started(RESOLVE);
    metrics.call_started(RESOLVE);
    metrics.call_finished(RESOLVE, Code::DeadlineExceeded, Duration::from_micros(200));
    metrics.shed(Shed::Unary);
    metrics.panicked(RESOLVE);
    metrics.connections(3);
    metrics.draining(true);
    metrics.reload_failed("certificate");
    metrics.matched(MatchOutcome::NoMatch);
    metrics.query_script(Script::Hangul);
    metrics.match_cost(12, 3_456);
    metrics.index_serves("7");
    metrics.index_serves("8");
    metrics.imported("sample", ImportResult::Quarantined, 2);
    metrics.fetched("un", FetchResult::Failed);
    metrics.source_succeeded("un", 1.5e9);
    metrics.clone().exposition()
}

#[test]
fn the_exposition_names_what_dashboards_ask_for() {
    let text = all_recorded();
    let labels = format!("rpc_method=\"{RESOLVE}\"");
    for line in [
        format!("rpc_server_call_duration_seconds_count{{{labels},rpc_grpc_status_code=\"DEADLINE_EXCEEDED\"}} 1"),
        format!(
            "rpc_server_call_duration_seconds_bucket{{le=\"0.00025\",{labels},rpc_grpc_status_code=\"DEADLINE_EXCEEDED\"}} 1"
        ),
        format!("rpc_server_active_requests{{{labels}}} 1"),
        format!("exonym_panics_total{{{labels}}} 1"),
        "exonym_shed_total{reason=\"unary_calls\"} 1".to_owned(),
        "exonym_connections 3".to_owned(),
        "exonym_draining 1".to_owned(),
        "exonym_reload_failures_total{what=\"certificate\"} 1".to_owned(),
        "exonym_match_outcome_total{outcome=\"no_match\"} 1".to_owned(),
        "exonym_query_script_total{script=\"Hang\"} 1".to_owned(),
        "exonym_match_candidates_sum 12.0".to_owned(),
        "exonym_match_work_units_sum 3456.0".to_owned(),
        "exonym_index_info{version=\"8\"} 1".to_owned(),
        "exonym_import_records_total{dataset=\"sample\",result=\"quarantined\"} 2".to_owned(),
        "exonym_source_fetches_total{source=\"un\",result=\"failed\"} 1".to_owned(),
        "exonym_source_last_success_timestamp_seconds{source=\"un\"} 1500000000.0".to_owned(),
        format!("exonym_build_info{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION")),
    ] {
        assert!(text.lines().any(|found| found == line), "no line {line:?} in\n{text}");
    }
    assert!(!text.contains("version=\"7\""), "only one version serves");
    assert!(text.contains("\nprocess_start_time_seconds "));
    assert!(text.ends_with("# EOF\n"));
}

#[test]
fn alerts_ask_only_for_metrics_there_are() {
    let text = all_recorded();
    let rules = include_str!("../../deploy/prometheus/rules.yaml");
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let asked: Vec<&str> = rules
        .lines()
        .filter(|line| !line.trim_start().starts_with(['#', '-']) && !line.contains("summary:"))
        .flat_map(|line| line.split(|c| !word(c)))
        .filter(|name| ["exonym_", "rpc_server_", "process_"].iter().any(|of| name.starts_with(of)))
        .collect();
    assert!(asked.len() > 5, "the rules were not read: {asked:?}");
    for name in asked {
        let there =
            text.lines().any(|line| line.starts_with(&format!("{name}{{")) || line.starts_with(&format!("{name} ")));
        assert!(there, "{name} is no metric of the server");
    }
}

#[test]
fn servers_do_not_share_metrics() {
    let (one, other) = (Metrics::new(), Metrics::new());
    one.matched(MatchOutcome::Match);
    assert!(!other.exposition().contains("outcome=\"match\""));
}
