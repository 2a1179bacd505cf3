/** Normal deviates as a pure function of seed, stream and position. */
package org.mixdyn.kernel.random;
