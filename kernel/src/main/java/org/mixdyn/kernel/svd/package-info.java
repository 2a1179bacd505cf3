/** Singular value decompositions. */
package org.mixdyn.kernel.svd;
