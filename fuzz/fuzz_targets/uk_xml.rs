#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| exonym::fuzzing::uk_xml(bytes));
