/** Pictures of a run, as SVG text. */
package org.mixdyn.bench.plot;
