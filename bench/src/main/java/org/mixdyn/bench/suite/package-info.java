/** JMH suites: what is measured, by which benchmark, against whom. */
package org.mixdyn.bench.suite;
