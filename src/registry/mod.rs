//! What is known of whom: records as published, entities they stand for, judgements, canonical ids.
