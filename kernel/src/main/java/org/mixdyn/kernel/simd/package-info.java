/** The lanes and registers of this machine, and the vector loops that every other package shares. */
package org.mixdyn.kernel.simd;
