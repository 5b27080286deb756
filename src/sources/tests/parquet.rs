use super::*;

const MAPPING: &str = r#"
format = "parquet"
[id]
template = "{id}"
[[names]]
column = "name"
quality = "primary"
[[birth_dates]]
column = "born"
formats = ["yyyy-m-d", "yyyy"]
[[identifiers]]
column = "inn"
type = "inn"
country = "RU"
"#;

fn mapping() -> Mapping {
    Mapping::parse("house.toml", MAPPING).unwrap()
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_program_without_parquet_says_so() {
    let error = Files::new(&[("a.parquet", b"PAR1")]).read(Format::Mapped, Some(&mapping())).unwrap_err().to_string();
    assert!(error.contains("built without Parquet: build it with `--features parquet`"), "{error}");
}

#[cfg(feature = "parquet")]
mod with_the_feature {
    use std::sync::Arc;

    use ::parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    use ::parquet::schema::parser::parse_message_type;

    use super::*;

    const SCHEMA: &str = "message list {
        required int64 id; optional binary name; optional binary other (UTF8); optional int32 born (DATE);
        repeated binary inn (UTF8);
    }";

    /// Three rows: with everything, without a name, and with a name that is not UTF-8.
    fn file(compression: ::parquet::basic::Compression) -> Vec<u8> {
        let schema = Arc::new(parse_message_type(SCHEMA).unwrap());
        let properties = WriterProperties::builder().set_compression(compression).build();
        let mut bytes = Vec::new();
        let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties)).unwrap();
        let mut group = writer.next_row_group().unwrap();
        let text = |text: &str| ByteArray::from(text.as_bytes().to_vec());
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int64Type>().write_batch(&[1, 2, 3], None, None).unwrap();
        column.close().unwrap();
        for names in [[text("Ким Е Си"), ByteArray::from(vec![0xFF, 0xFE])], [text("x"), text("y")]] {
            let mut column = group.next_column().unwrap().unwrap();
            column.typed::<ByteArrayType>().write_batch(&names, Some(&[1, 0, 1]), None).unwrap();
            column.close().unwrap();
        }
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<Int32Type>().write_batch(&[-1], Some(&[1, 0, 0]), None).unwrap();
        column.close().unwrap();
        let mut column = group.next_column().unwrap().unwrap();
        let numbers = [text("7707083893"), text("500100732259")];
        column.typed::<ByteArrayType>().write_batch(&numbers, Some(&[1, 1, 0, 0]), Some(&[0, 1, 0, 0])).unwrap();
        column.close().unwrap();
        group.close().unwrap();
        writer.close().unwrap();
        bytes
    }

    #[test]
    fn rows_become_records_through_a_mapping() {
        use ::parquet::basic::{Compression, GzipLevel, ZstdLevel};
        let compressions = [
            Compression::UNCOMPRESSED,
            Compression::SNAPPY,
            Compression::GZIP(GzipLevel::default()),
            Compression::ZSTD(ZstdLevel::default()),
        ];
        for compression in compressions {
            let files = Files::new(&[("a.parquet", &file(compression))]);
            let batch = files.read(Format::Mapped, Some(&mapping())).unwrap();
            assert_eq!(batch.read, 3);
            let record = &batch.records[0];
            assert_eq!((record.id.as_str(), names(record)), ("test:1", vec!["Ким Е Си"]));
            assert_eq!(shown(&record.birth_dates), ["1969-12-31"]);
            assert_eq!(identifiers(record), ["inn 500100732259 RU", "inn 7707083893 RU"]);
            let told: Vec<String> = batch.quarantined.iter().map(|of| format!("{}: {}", of.place, of.reason)).collect();
            assert!(told[0].starts_with("a.parquet row 2: names: a record needs"), "{told:?}");
            assert!(told[1].starts_with("a.parquet row 3: "), "{told:?}");
        }
    }

    #[test]
    fn other_and_damaged_files_are_refused() {
        let refused = |bytes: &[u8]| Files::new(&[("a.parquet", bytes)]).read(Format::Mapped, Some(&mapping()));
        let whole = file(::parquet::basic::Compression::SNAPPY);
        assert!(refused(b"id,name\n1,x\n").unwrap_err().to_string().contains("a.parquet: the file is no Parquet"));
        assert!(refused(&whole[..whole.len() / 2]).is_err());
        let nested = Mapping::parse("house.toml", &MAPPING.replace("\"name\"", "\"id\"")).unwrap();
        let numbers = Files::new(&[("a.parquet", &whole)]).read(Format::Mapped, Some(&nested)).unwrap();
        assert_eq!(names(&numbers.records[0]), ["1"]);
        let other = Mapping::parse("house.toml", &MAPPING.replace("\"born\"", "\"birth\"")).unwrap();
        let error = Files::new(&[("a.parquet", &whole)]).read(Format::Mapped, Some(&other)).unwrap_err().to_string();
        assert!(error.contains("there is no column \"birth\""), "{error}");
        // Whatever byte is wrong, the file is refused or what it says is read: nothing ends the program.
        for place in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[place] ^= 0x55;
            let _ = refused(&damaged);
        }
    }
}
