/** The evolutions of the product A: direct training, reduced training and the self-consistent equation. */
package org.mixdyn.kernel.dynamics;
