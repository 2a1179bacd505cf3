/**
 * Vector loops that are written in bytecode when they are first needed, since C2 keeps vectors in registers only
 * where each is a local variable: micro-kernels, inner products and transposes in registers. What they do stands with
 * {@code FloatMicroKernel}, {@code FloatInnerProducts} and {@code FloatTranspose}; the classes named after code write
 * it.
 */
package org.mixdyn.kernel.gemm.code;
