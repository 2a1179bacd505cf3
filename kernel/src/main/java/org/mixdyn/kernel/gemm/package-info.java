/**
 * Matrix products: five loops around one register-tiled micro-kernel.
 *
 * <p>{@link org.mixdyn.kernel.gemm.Gemm} checks the arguments. {@code FloatPlan} chooses the way of a product, and
 * {@code FloatGemm} carries it out: short ones straight to the inner loops, those with few rows or columns to
 * {@code FloatThinProduct}, those with a small C and a long k to {@code FloatLongProduct}, all others through the outer three loops
 * and {@code FloatPack}. {@code FloatMacroKernel} has the inner two, around the micro-kernels that {@code MicroKernels} writes, as
 * {@code InnerProducts} writes a loop for products with few columns; {@code BlockSizes} says how large everything is.
 *
 * <p>Who multiplies part by part takes the macro-kernel itself: a matrix that is used often is packed once, as a
 * {@code FloatRightOperand} or a {@code FloatLeftOperand}. {@code FloatTransposition} transposes, in registers where it can.
 */
package org.mixdyn.kernel.gemm;
