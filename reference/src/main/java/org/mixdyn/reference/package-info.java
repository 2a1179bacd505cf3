/** The mathematics of linear networks in EJML, and the comparison of the kernel with it. */
package org.mixdyn.reference;
