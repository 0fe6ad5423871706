/** Tables as Parquet files, for Python and databases. */
package dev.hbar.study.parquet;
