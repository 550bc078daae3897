package org.millrace.io.uring;

/** Layouts and constants of the kernel's {@code io_uring.h}, by offset; they are the same on every 64-bit machine. */
final class Abi {
    private Abi() {
    }

    /** {@code struct io_uring_params}. */
    static final class Params {
        static final int BYTES = 120;
        /** sq_entries. */
        static final int SQ_ENTRIES = 0;
        /** cq_entries. */
        static final int CQ_ENTRIES = 4;
        /** flags. */
        static final int FLAGS = 8;
        /** features. */
        static final int FEATURES = 20;
        /** sq_off.head, of {@code struct io_sqring_offsets}. */
        static final int SQ_OFF_HEAD = 40;
        /** sq_off.tail. */
        static final int SQ_OFF_TAIL = 44;
        /** sq_off.flags. */
        static final int SQ_OFF_FLAGS = 56;
        /** cq_off.head, of {@code struct io_cqring_offsets}. */
        static final int CQ_OFF_HEAD = 80;
        /** cq_off.tail. */
        static final int CQ_OFF_TAIL = 84;
        /** cq_off.cqes. */
        static final int CQ_OFF_CQES = 100;

        /** IORING_SETUP_CQSIZE. */
        static final int SETUP_CQSIZE = 1 << 3;
        /** IORING_SETUP_CLAMP. */
        static final int SETUP_CLAMP = 1 << 4;
        /** IORING_SETUP_SUBMIT_ALL. */
        static final int SETUP_SUBMIT_ALL = 1 << 7;
        /** IORING_SETUP_SINGLE_ISSUER. */
        static final int SETUP_SINGLE_ISSUER = 1 << 12;
        /** IORING_SETUP_DEFER_TASKRUN. */
        static final int SETUP_DEFER_TASKRUN = 1 << 13;
        /** IORING_SETUP_NO_SQARRAY. */
        static final int SETUP_NO_SQARRAY = 1 << 16;

        /** IORING_FEAT_SINGLE_MMAP. */
        static final int FEAT_SINGLE_MMAP = 1;
        /** IORING_FEAT_NODROP. */
        static final int FEAT_NODROP = 1 << 1;
        /** IORING_FEAT_SUBMIT_STABLE. */
        static final int FEAT_SUBMIT_STABLE = 1 << 2;
        /** IORING_FEAT_EXT_ARG. */
        static final int FEAT_EXT_ARG = 1 << 8;
        /** IORING_FEAT_CQE_SKIP. */
        static final int FEAT_CQE_SKIP = 1 << 11;
        /** IORING_FEAT_MIN_TIMEOUT. */
        static final int FEAT_MIN_TIMEOUT = 1 << 15;

        private Params() {
        }
    }

    /** {@code struct io_uring_sqe}. */
    static final class Sqe {
        static final int BYTES = 64;
        /** opcode. */
        static final int OPCODE = 0;
        /** flags. */
        static final int FLAGS = 1;
        /** ioprio. */
        static final int IOPRIO = 2;
        /** fd. */
        static final int FD = 4;
        /** addr. */
        static final int ADDR = 16;
        /** len. */
        static final int LEN = 24;
        /** msg_flags, poll32_events, accept_flags, cancel_flags: one union. */
        static final int OP_FLAGS = 28;
        /** user_data. */
        static final int USER_DATA = 32;
        /** buf_group. */
        static final int BUF_GROUP = 40;

        /** IORING_OP_NOP. */
        static final byte OP_NOP = 0;
        /** IORING_OP_POLL_ADD. */
        static final byte OP_POLL_ADD = 6;
        /** IORING_OP_SENDMSG. */
        static final byte OP_SENDMSG = 9;
        /** IORING_OP_ACCEPT. */
        static final byte OP_ACCEPT = 13;
        /** IORING_OP_ASYNC_CANCEL. */
        static final byte OP_ASYNC_CANCEL = 14;
        /** IORING_OP_READ. */
        static final byte OP_READ = 22;
        /** IORING_OP_SEND. */
        static final byte OP_SEND = 26;
        /** IORING_OP_RECV. */
        static final byte OP_RECV = 27;

        /** IOSQE_BUFFER_SELECT. */
        static final byte BUFFER_SELECT = 1 << 5;
        /** IOSQE_CQE_SKIP_SUCCESS. */
        static final byte CQE_SKIP_SUCCESS = 1 << 6;

        /** IORING_ACCEPT_MULTISHOT, in ioprio. */
        static final short ACCEPT_MULTISHOT = 1;
        /** IORING_RECV_MULTISHOT, in ioprio. */
        static final short RECV_MULTISHOT = 1 << 1;
        /** IORING_ASYNC_CANCEL_ALL, in cancel_flags. */
        static final int CANCEL_ALL = 1;
        /** IORING_ASYNC_CANCEL_ANY, in cancel_flags. */
        static final int CANCEL_ANY = 1 << 2;

        private Sqe() {
        }
    }

    /** {@code struct io_uring_cqe}. */
    static final class Cqe {
        static final int BYTES = 16;
        /** user_data. */
        static final int USER_DATA = 0;
        /** res. */
        static final int RES = 8;
        /** flags. */
        static final int FLAGS = 12;

        /** IORING_CQE_F_BUFFER. */
        static final int F_BUFFER = 1;
        /** IORING_CQE_F_MORE. */
        static final int F_MORE = 1 << 1;
        /** IORING_CQE_BUFFER_SHIFT. */
        static final int BUFFER_SHIFT = 16;

        private Cqe() {
        }
    }

    /** {@code struct io_uring_buf} and {@code struct io_uring_buf_ring}. */
    static final class Buf {
        static final int BYTES = 16;
        /** addr. */
        static final int ADDR = 0;
        /** len. */
        static final int LEN = 8;
        /** bid. */
        static final int BID = 12;
        /** io_uring_buf_ring.tail, which lies in what the first entry does not use. */
        static final int RING_TAIL = 14;

        private Buf() {
        }
    }

    /** {@code struct io_uring_buf_reg}, {@code struct io_uring_buf_status} and the calls that take them. */
    static final class Register {
        static final int REG_BYTES = 40;
        /** io_uring_buf_reg.ring_addr. */
        static final int REG_RING_ADDR = 0;
        /** io_uring_buf_reg.ring_entries. */
        static final int REG_RING_ENTRIES = 8;
        /** io_uring_buf_reg.bgid. */
        static final int REG_BGID = 12;

        static final int STATUS_BYTES = 40;
        /** io_uring_buf_status.buf_group. */
        static final int STATUS_BUF_GROUP = 0;
        /** io_uring_buf_status.head. */
        static final int STATUS_HEAD = 4;

        /** IORING_REGISTER_PBUF_RING. */
        static final int PBUF_RING = 22;
        /** IORING_REGISTER_PBUF_STATUS. */
        static final int PBUF_STATUS = 26;

        private Register() {
        }
    }

    /** {@code struct io_uring_probe}, and {@code struct io_uring_probe_op} for each operation behind it. */
    static final class Probe {
        static final int BYTES = 16;
        /** ops_len. */
        static final int OPS_LEN = 1;
        static final int OP_BYTES = 8;
        /** io_uring_probe_op.flags. */
        static final int OP_FLAGS = 2;

        /** IORING_REGISTER_PROBE. */
        static final int REGISTER = 8;
        /** IO_URING_OP_SUPPORTED. */
        static final int OP_SUPPORTED = 1;

        private Probe() {
        }
    }

    /** {@code io_uring_enter} and {@code struct io_uring_getevents_arg}; flags and offsets of the mapped rings. */
    static final class Enter {
        /** IORING_ENTER_GETEVENTS. */
        static final int GETEVENTS = 1;
        /** IORING_ENTER_EXT_ARG. */
        static final int EXT_ARG = 1 << 3;

        static final int ARG_BYTES = 24;
        /** io_uring_getevents_arg.min_wait_usec. */
        static final int ARG_MIN_WAIT_USEC = 12;
        /** io_uring_getevents_arg.ts. */
        static final int ARG_TS = 16;
        /** {@code struct __kernel_timespec}: tv_sec, tv_nsec. */
        static final int TIMESPEC_BYTES = 16;
        static final int TV_SEC = 0;
        static final int TV_NSEC = 8;

        /** IORING_OFF_SQ_RING. */
        static final long OFF_SQ_RING = 0;
        /** IORING_OFF_SQES. */
        static final long OFF_SQES = 0x10000000L;
        /** IORING_SQ_CQ_OVERFLOW, in the submission ring's flags. */
        static final int SQ_CQ_OVERFLOW = 1 << 1;

        private Enter() {
        }
    }
}
