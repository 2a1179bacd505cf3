/** Other people's libraries, for comparison. */
package org.mixdyn.bench.peer;
