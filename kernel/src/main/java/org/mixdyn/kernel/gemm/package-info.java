/**
 * Matrix products: five loops around one register-tiled micro-kernel.
 *
 * <p>{@link org.mixdyn.kernel.gemm.Gemm} checks the arguments. {@code FloatPlan} chooses the way of a product, and
 * {@code FloatGemm} carries it out: short ones straight to the inner loops, those with few rows or columns to {@code FloatThinProduct},
 * all others through the outer three loops and {@code FloatPack}. {@code FloatMacroKernel} has the inner two, around the
 * micro-kernels that {@code MicroKernels} writes; {@code BlockSizes} says how large everything is.
 */
package org.mixdyn.kernel.gemm;
