/**
 * The lanes and registers of this machine, and the vector loops that every other package shares.
 *
 * <p>A vector stays in a register where C2 knows its class at every operation; else it is an object, for good, and the loop many
 * times as slow. Loops that hold to this do well in almost every process:
 * <ul>
 * <li>Operations are asked of what the loop has just made, loaded or broadcast, not of a sum that goes round: x.add(sum), not
 * sum.add(x). What goes round has no class until the loop is compiled, and vectors of more than one length are about.</li>
 * <li>A method that takes or returns a vector has at most 35 bytes of bytecode, so that it is inlined even where it is not called
 * often, or is called in every round of a loop.</li>
 * <li>What leaves a loop had better meet one more operation before it is stored.</li>
 * </ul>
 */
package org.mixdyn.kernel.simd;
