/** Singular value decompositions of dense matrices. */
package org.mixdyn.kernel.svd;
