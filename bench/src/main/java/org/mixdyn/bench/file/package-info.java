/** What commands leave on disk: whole files or none, as CSV and JSON. */
package org.mixdyn.bench.file;
