//! Measuring and training: tasks with truth, recall and precision, correspondence tables.
