/** Matrix products: five loops around one register-tiled micro-kernel. */
package org.mixdyn.kernel.gemm;
