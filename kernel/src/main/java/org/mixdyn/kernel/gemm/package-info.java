/**
 * Matrix products: five loops around one register-tiled micro-kernel.
 *
 * <p>{@link org.mixdyn.kernel.gemm.Gemm} checks the arguments, and {@code FloatGemm} sends a product where
 * {@code FloatRoute} says:
 *
 * <table>
 * <caption>Where to find what</caption>
 * <tr><td>5th, 4th, 3rd loop: jc, pc, ic, or ic, pc, jc</td><td>{@code FloatBlockedProduct}, by its plan</td></tr>
 * <tr><td>packing of blocks of A and B</td><td>{@code FloatPack}, with {@code FloatTransposition}</td></tr>
 * <tr><td>2nd, 1st loop: jr, ir, or ir, jr</td><td>{@code FloatMacroKernel}</td></tr>
 * <tr><td>the loop over k, on one register tile</td><td>{@code FloatMicroKernel}, by {@code MicroKernelCode}</td></tr>
 * <tr><td>mr, nr, mc, kc, nc</td><td>{@code BlockSizes}</td></tr>
 * <tr><td>how sides are cut into panels</td><td>{@code Panels}, {@code Cut}</td></tr>
 * <tr><td>what is packed and shared, and when</td><td>{@code FloatPlan}, {@code Limits}</td></tr>
 * <tr><td>short products</td><td>{@code FloatMacroKernel} alone</td></tr>
 * <tr><td>few rows or columns</td><td>{@code FloatThinProduct}, {@code FloatThinDots}</td></tr>
 * <tr><td>a small C and a long k</td><td>{@code FloatLongProduct}</td></tr>
 * </table>
 *
 * <p>Who multiplies part by part takes the macro-kernel itself: a matrix that is used often is packed once, as a
 * {@code FloatRightOperand} or a {@code FloatLeftOperand}.
 */
package org.mixdyn.kernel.gemm;
