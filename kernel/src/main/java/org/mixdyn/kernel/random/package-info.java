/** Counter-based random streams, the same bits for any number of threads. */
package org.mixdyn.kernel.random;
