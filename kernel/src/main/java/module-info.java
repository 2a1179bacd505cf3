/**
 * The kernel of mixdyn: matrix products, singular value decompositions and the training of wide linear networks, written
 * on the Java Vector API and depending on the JDK alone. Data flows one way: task, network, dynamics, observers.
 */
module org.mixdyn.kernel {
    requires jdk.incubator.vector;

    exports org.mixdyn.kernel.parallel;
    exports org.mixdyn.kernel.simd;
    exports org.mixdyn.kernel.gemm;
    exports org.mixdyn.kernel.svd;
    exports org.mixdyn.kernel.random;
    exports org.mixdyn.kernel.task;
    exports org.mixdyn.kernel.network;
    exports org.mixdyn.kernel.dynamics;
    exports org.mixdyn.kernel.observe;
}
