//! The conformance suite: what every store must do, and what the registry does over it. A further backend gets it
//! whole by one line of `conformance!`. What belongs to SQLite alone is in `sqlite` and `crash`, what to PostgreSQL alone
//! in `postgres`.

mod audit;
mod changes;
mod clusters;
mod crash;
mod guard;
mod import;
mod judging;
mod past;
#[cfg(feature = "postgres")]
mod postgres;
mod queue;
mod read;
mod requests;
mod sqlite;
mod store;
mod suppressing;
mod verify;

use std::any::Any;

use jiff::Timestamp;

use super::store::{Sqlite, Store};
use super::{Guard, Import, Registry};
use crate::model::{EntityId, Judgement, Kind, Opinion, Record, RecordId};

/// A registry over a new, empty store, and what has to be cleared away behind it.
struct Opened {
    registry: Registry,
    _place: Option<Box<dyn Any>>,
}

macro_rules! conformance {
    ($backend:ident, $open:expr, $can:expr) => {
        mod $backend {
            use super::*;
            conformance! { @tests $open, $can;
                store::an_empty_store_has_nothing,
                store::a_dropped_write_leaves_no_trace,
                store::a_write_sees_itself_and_is_seen_after_commit,
                store::rows_come_back_as_they_went_in,
                store::rows_that_refer_to_nothing_are_refused,
                store::text_is_ordered_byte_by_byte,
                store::a_walk_breaks_off_where_it_is_told,
                import::counts_add_up,
                import::records_are_kept_in_canonical_form,
                import::an_import_that_changes_nothing_counts_no_revision,
                import::order_does_not_matter,
                import::a_bad_record_leaves_everything_as_it_was,
                import::ids_outlive_their_records,
                import::a_repeated_request_has_one_effect,
                import::a_request_id_without_content_is_refused,
                import::datasets_do_not_touch_each_other,
                import::the_digest_is_that_of_the_lines,
                import::an_emptied_dataset_stays,
                guard::a_list_that_lost_too_much_is_refused,
                guard::an_id_that_names_somebody_else_is_kept_apart,
                read::entities_come_in_pages_ordered_by_id,
                read::a_page_of_one_dataset_has_whole_entities,
                read::records_come_in_order_with_the_id_they_founded,
                read::an_error_of_the_visitor_ends_the_walk,
                read::many_threads_read_and_write,
                judging::the_oldest_id_survives,
                judging::of_equally_old_ids_the_smallest_survives,
                judging::a_split_gives_back_the_ids,
                judging::a_contradiction_is_told_with_its_chain,
                judging::a_different_blocks_a_later_merge_of_clusters,
                judging::unsure_ties_nothing,
                judging::a_repeated_judgement_is_one,
                judging::two_who_judge_the_same_both_have_to_withdraw,
                judging::judgements_hold_through_removal_and_return,
                judging::what_cannot_be_judged_is_named,
                judging::a_withdrawal_is_a_row,
                judging::an_entity_has_a_limit,
                requests::a_repeated_request_gives_the_answer_of_then,
                requests::a_request_id_serves_one_request,
                requests::what_is_only_checked_leaves_nothing,
                audit::every_change_is_a_link,
                audit::a_forged_row_is_found,
                audit::a_chain_that_was_cut_is_found,
                changes::who_follows_the_changes_knows_where_ids_lead,
                changes::an_entity_has_a_history,
                changes::a_link_is_told_from_both_sides,
                queue::the_queue_is_ordered_by_worth,
                queue::a_decision_closes_what_it_answers,
                queue::a_contradiction_can_wait,
                queue::many_judgements_are_one_revision,
                past::every_revision_is_told_as_it_was,
                past::what_changes_no_row_is_a_link_too,
                suppressing::a_suppression_follows_the_entity_through_mergers,
                suppressing::a_suppression_is_one_and_ends,
                verify::a_registry_in_use_is_sound,
                verify::what_was_tampered_with_is_found,
                clusters::any_course_of_events_gives_what_the_oracle_gives,
            }
        }
    };
    (@tests $open:expr, $can:expr; $($room:ident::$test:ident,)*) => {$(
        #[test]
        fn $test() {
            let open: fn() -> Opened = $open;
            if $can {
                super::$room::$test(&open);
            }
        }
    )*};
}

/// What holds where readers have connections of their own.
macro_rules! concurrency {
    ($backend:ident, $open:expr, $can:expr) => {
        mod $backend {
            use super::*;
            conformance! { @tests $open, $can;
                store::a_reader_keeps_the_state_it_saw,
                store::a_copy_is_the_registry,
                store::writers_take_turns,
                store::a_request_that_many_send_at_once_happens_once,
            }
        }
    };
}

fn in_memory() -> Opened {
    let store: Box<dyn Store> = Box::new(Sqlite::in_memory().unwrap());
    Opened { registry: Registry::over(store), _place: None }
}

fn on_disk() -> Opened {
    let directory = tempfile::tempdir().unwrap();
    let store: Box<dyn Store> = Box::new(Sqlite::open(directory.path()).unwrap());
    Opened { registry: Registry::over(store), _place: Some(Box::new(directory)) }
}

conformance!(memory, in_memory, true);
conformance!(disk, on_disk, true);
concurrency!(disk_at_once, on_disk, true);
#[cfg(feature = "postgres")]
conformance!(server, postgres::open, postgres::is_there());
#[cfg(feature = "postgres")]
concurrency!(server_at_once, postgres::open, postgres::is_there());

/// How a test gets empty registries.
type Open = dyn Fn() -> Opened;

fn id(text: &str) -> RecordId {
    text.parse().unwrap()
}

fn record(text: &str, name: &str) -> Record {
    Record::new(id(text), Kind::Person, name)
}

/// A moment, so many seconds after another.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn import(dataset: &str, records: Vec<Record>) -> Import {
    let actor = "importer".to_owned();
    let guard = Guard::default();
    Import { dataset: dataset.parse().unwrap(), records, quarantined: 0, actor, request_id: None, at: at(0), guard }
}

/// Imports records named by their ids.
fn publish(registry: &Registry, dataset: &str, ids: &[&str]) {
    let records = ids.iter().map(|text| record(text, &format!("Name of {text}"))).collect();
    registry.import(import(dataset, records)).unwrap();
}

fn judgement(left: &str, opinion: Opinion, right: &str) -> Judgement {
    Judgement {
        left: id(left),
        right: id(right),
        opinion,
        actor: "analyst".to_owned(),
        reason: String::new(),
        evidence: String::new(),
    }
}

/// The canonical id that a published record leads to.
fn entity_of(registry: &Registry, record: &str) -> EntityId {
    registry.entity_of_record(&id(record)).unwrap().unwrap().id
}
