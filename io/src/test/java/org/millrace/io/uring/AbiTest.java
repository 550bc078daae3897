package org.millrace.io.uring;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The offsets and constants against the structures and lists of the kernel's {@code io_uring.h}, written down here in
 * its own order, so that offsets and numbers follow from it. They hold on x86-64 and aarch64: no field depends on the
 * machine.
 */
class AbiTest {
    private static final StructLayout SQ_OFFSETS = struct("u32 head", "u32 tail", "u32 ring_mask", "u32 ring_entries",
        "u32 flags", "u32 dropped", "u32 array", "u32 resv1", "u64 user_addr");
    private static final StructLayout CQ_OFFSETS = struct("u32 head", "u32 tail", "u32 ring_mask", "u32 ring_entries",
        "u32 overflow", "u32 cqes", "u32 flags", "u32 resv1", "u64 user_addr");
    private static final StructLayout PARAMS = MemoryLayout.structLayout(
        struct("u32 sq_entries", "u32 cq_entries", "u32 flags", "u32 sq_thread_cpu", "u32 sq_thread_idle",
            "u32 features", "u32 wq_fd", "u32 resv0", "u32 resv1", "u32 resv2").withName("start"),
        SQ_OFFSETS.withName("sq_off"), CQ_OFFSETS.withName("cq_off"));
    private static final StructLayout SQE = struct("u8 opcode", "u8 flags", "u16 ioprio", "u32 fd", "u64 off",
        "u64 addr", "u32 len", "u32 msg_flags", "u64 user_data", "u16 buf_group", "u16 personality", "u32 file_index",
        "u64 addr3", "u64 pad2");
    private static final StructLayout CQE = struct("u64 user_data", "u32 res", "u32 flags");
    private static final StructLayout BUF = struct("u64 addr", "u32 len", "u16 bid", "u16 resv");
    private static final StructLayout BUF_RING = struct("u64 resv1", "u32 resv2", "u16 resv3", "u16 tail");
    private static final StructLayout BUF_REG = struct("u64 ring_addr", "u32 ring_entries", "u16 bgid", "u16 flags",
        "u64 resv0", "u64 resv1", "u64 resv2");
    private static final StructLayout BUF_STATUS = struct("u32 buf_group", "u32 head", "u32 resv0", "u32 resv1",
        "u32 resv2", "u32 resv3", "u32 resv4", "u32 resv5", "u32 resv6", "u32 resv7");
    private static final StructLayout PROBE = struct("u8 last_op", "u8 ops_len", "u16 resv", "u32 resv0", "u32 resv1",
        "u32 resv2");
    private static final StructLayout PROBE_OP = struct("u8 op", "u8 resv", "u16 flags", "u32 resv2");
    private static final StructLayout GETEVENTS_ARG = struct("u64 sigmask", "u32 sigmask_sz", "u32 min_wait_usec",
        "u64 ts");
    private static final StructLayout TIMESPEC = struct("u64 tv_sec", "u64 tv_nsec");

    /** {@code enum io_uring_op}, in its order. */
    private static final List<String> OPS = List.of("NOP", "READV", "WRITEV", "FSYNC", "READ_FIXED", "WRITE_FIXED",
        "POLL_ADD", "POLL_REMOVE", "SYNC_FILE_RANGE", "SENDMSG", "RECVMSG", "TIMEOUT", "TIMEOUT_REMOVE", "ACCEPT",
        "ASYNC_CANCEL", "LINK_TIMEOUT", "CONNECT", "FALLOCATE", "OPENAT", "CLOSE", "FILES_UPDATE", "STATX", "READ",
        "WRITE", "FADVISE", "MADVISE", "SEND", "RECV");

    @Test
    void shouldLayOutTheParametersAsTheKernelDoes() {
        assertEquals(PARAMS.byteSize(), Abi.Params.BYTES);
        assertEquals(offset(PARAMS, "start", "sq_entries"), Abi.Params.SQ_ENTRIES);
        assertEquals(offset(PARAMS, "start", "cq_entries"), Abi.Params.CQ_ENTRIES);
        assertEquals(offset(PARAMS, "start", "flags"), Abi.Params.FLAGS);
        assertEquals(offset(PARAMS, "start", "features"), Abi.Params.FEATURES);
        assertEquals(offset(PARAMS, "sq_off", "head"), Abi.Params.SQ_OFF_HEAD);
        assertEquals(offset(PARAMS, "sq_off", "tail"), Abi.Params.SQ_OFF_TAIL);
        assertEquals(offset(PARAMS, "sq_off", "flags"), Abi.Params.SQ_OFF_FLAGS);
        assertEquals(offset(PARAMS, "cq_off", "head"), Abi.Params.CQ_OFF_HEAD);
        assertEquals(offset(PARAMS, "cq_off", "tail"), Abi.Params.CQ_OFF_TAIL);
        assertEquals(offset(PARAMS, "cq_off", "cqes"), Abi.Params.CQ_OFF_CQES);
    }

    @Test
    void shouldLayOutEntriesAndCompletionsAsTheKernelDoes() {
        assertEquals(SQE.byteSize(), Abi.Sqe.BYTES);
        assertEquals(offset(SQE, "opcode"), Abi.Sqe.OPCODE);
        assertEquals(offset(SQE, "flags"), Abi.Sqe.FLAGS);
        assertEquals(offset(SQE, "ioprio"), Abi.Sqe.IOPRIO);
        assertEquals(offset(SQE, "fd"), Abi.Sqe.FD);
        assertEquals(offset(SQE, "addr"), Abi.Sqe.ADDR);
        assertEquals(offset(SQE, "len"), Abi.Sqe.LEN);
        assertEquals(offset(SQE, "msg_flags"), Abi.Sqe.OP_FLAGS);
        assertEquals(offset(SQE, "user_data"), Abi.Sqe.USER_DATA);
        assertEquals(offset(SQE, "buf_group"), Abi.Sqe.BUF_GROUP);
        assertEquals(CQE.byteSize(), Abi.Cqe.BYTES);
        assertEquals(offset(CQE, "user_data"), Abi.Cqe.USER_DATA);
        assertEquals(offset(CQE, "res"), Abi.Cqe.RES);
        assertEquals(offset(CQE, "flags"), Abi.Cqe.FLAGS);
    }

    @Test
    void shouldLayOutBuffersAndArgumentsAsTheKernelDoes() {
        assertEquals(BUF.byteSize(), Abi.Buf.BYTES);
        assertEquals(offset(BUF, "addr"), Abi.Buf.ADDR);
        assertEquals(offset(BUF, "len"), Abi.Buf.LEN);
        assertEquals(offset(BUF, "bid"), Abi.Buf.BID);
        assertEquals(offset(BUF_RING, "tail"), Abi.Buf.RING_TAIL);
        assertEquals(BUF_REG.byteSize(), Abi.Register.REG_BYTES);
        assertEquals(offset(BUF_REG, "ring_addr"), Abi.Register.REG_RING_ADDR);
        assertEquals(offset(BUF_REG, "ring_entries"), Abi.Register.REG_RING_ENTRIES);
        assertEquals(offset(BUF_REG, "bgid"), Abi.Register.REG_BGID);
        assertEquals(BUF_STATUS.byteSize(), Abi.Register.STATUS_BYTES);
        assertEquals(offset(BUF_STATUS, "buf_group"), Abi.Register.STATUS_BUF_GROUP);
        assertEquals(offset(BUF_STATUS, "head"), Abi.Register.STATUS_HEAD);
        assertEquals(PROBE.byteSize(), Abi.Probe.BYTES);
        assertEquals(offset(PROBE, "ops_len"), Abi.Probe.OPS_LEN);
        assertEquals(PROBE_OP.byteSize(), Abi.Probe.OP_BYTES);
        assertEquals(offset(PROBE_OP, "flags"), Abi.Probe.OP_FLAGS);
        assertEquals(GETEVENTS_ARG.byteSize(), Abi.Enter.ARG_BYTES);
        assertEquals(offset(GETEVENTS_ARG, "min_wait_usec"), Abi.Enter.ARG_MIN_WAIT_USEC);
        assertEquals(offset(GETEVENTS_ARG, "ts"), Abi.Enter.ARG_TS);
        assertEquals(TIMESPEC.byteSize(), Abi.Enter.TIMESPEC_BYTES);
        assertEquals(offset(TIMESPEC, "tv_sec"), Abi.Enter.TV_SEC);
        assertEquals(offset(TIMESPEC, "tv_nsec"), Abi.Enter.TV_NSEC);
    }

    @Test
    void shouldNumberOperationsAndFlagsAsTheKernelDoes() {
        assertEquals(OPS.indexOf("POLL_ADD"), Abi.Sqe.OP_POLL_ADD);
        assertEquals(OPS.indexOf("SENDMSG"), Abi.Sqe.OP_SENDMSG);
        assertEquals(OPS.indexOf("ACCEPT"), Abi.Sqe.OP_ACCEPT);
        assertEquals(OPS.indexOf("ASYNC_CANCEL"), Abi.Sqe.OP_ASYNC_CANCEL);
        assertEquals(OPS.indexOf("READ"), Abi.Sqe.OP_READ);
        assertEquals(OPS.indexOf("SEND"), Abi.Sqe.OP_SEND);
        assertEquals(OPS.indexOf("RECV"), Abi.Sqe.OP_RECV);
        bits(List.of("IOPOLL", "SQPOLL", "SQ_AFF", "CQSIZE", "CLAMP", "ATTACH_WQ", "R_DISABLED", "SUBMIT_ALL",
            "COOP_TASKRUN", "TASKRUN_FLAG", "SQE128", "CQE32", "SINGLE_ISSUER", "DEFER_TASKRUN", "NO_MMAP",
            "REGISTERED_FD_ONLY", "NO_SQARRAY"), List.of("CQSIZE", "CLAMP", "SUBMIT_ALL", "SINGLE_ISSUER",
            "DEFER_TASKRUN", "NO_SQARRAY"), Abi.Params.SETUP_CQSIZE, Abi.Params.SETUP_CLAMP,
            Abi.Params.SETUP_SUBMIT_ALL, Abi.Params.SETUP_SINGLE_ISSUER, Abi.Params.SETUP_DEFER_TASKRUN,
            Abi.Params.SETUP_NO_SQARRAY);
        bits(List.of("SINGLE_MMAP", "NODROP", "SUBMIT_STABLE", "RW_CUR_POS", "CUR_PERSONALITY", "FAST_POLL",
            "POLL_32BITS", "SQPOLL_NONFIXED", "EXT_ARG", "NATIVE_WORKERS", "RSRC_TAGS", "CQE_SKIP",
            "LINKED_FILE", "REG_REG_RING", "RECVSEND_BUNDLE", "MIN_TIMEOUT"),
            List.of("SINGLE_MMAP", "NODROP", "SUBMIT_STABLE", "EXT_ARG", "CQE_SKIP", "MIN_TIMEOUT"),
            Abi.Params.FEAT_SINGLE_MMAP, Abi.Params.FEAT_NODROP, Abi.Params.FEAT_SUBMIT_STABLE,
            Abi.Params.FEAT_EXT_ARG, Abi.Params.FEAT_CQE_SKIP, Abi.Params.FEAT_MIN_TIMEOUT);
        bits(List.of("FIXED_FILE", "IO_DRAIN", "IO_LINK", "IO_HARDLINK", "ASYNC", "BUFFER_SELECT",
            "CQE_SKIP_SUCCESS"), List.of("BUFFER_SELECT", "CQE_SKIP_SUCCESS"), Abi.Sqe.BUFFER_SELECT,
            Abi.Sqe.CQE_SKIP_SUCCESS);
        bits(List.of("POLL_FIRST", "MULTISHOT"), List.of("MULTISHOT"), Abi.Sqe.RECV_MULTISHOT);
        bits(List.of("MULTISHOT", "DONTWAIT", "POLL_FIRST"), List.of("MULTISHOT"), Abi.Sqe.ACCEPT_MULTISHOT);
        bits(List.of("ALL", "FD", "ANY", "FD_FIXED"), List.of("ALL", "ANY"), Abi.Sqe.CANCEL_ALL, Abi.Sqe.CANCEL_ANY);
        bits(List.of("BUFFER", "MORE", "SOCK_NONEMPTY"), List.of("BUFFER", "MORE"), Abi.Cqe.F_BUFFER, Abi.Cqe.F_MORE);
        bits(List.of("GETEVENTS", "SQ_WAKEUP", "SQ_WAIT", "EXT_ARG"), List.of("GETEVENTS", "EXT_ARG"),
            Abi.Enter.GETEVENTS, Abi.Enter.EXT_ARG);
        bits(List.of("NEED_WAKEUP", "CQ_OVERFLOW", "TASKRUN"), List.of("CQ_OVERFLOW"), Abi.Enter.SQ_CQ_OVERFLOW);
    }

    /** Each flag is the bit that its place in the header's list gives it. */
    private static void bits(List<String> header, List<String> used, int... ours) {
        assertEquals(used.size(), ours.length);
        for (int i = 0; i < ours.length; i++) {
            assertEquals(1 << header.indexOf(used.get(i)), ours[i], used.get(i));
        }
    }

    private static long offset(StructLayout struct, String... path) {
        PathElement[] elements = new PathElement[path.length];
        for (int i = 0; i < path.length; i++) {
            elements[i] = PathElement.groupElement(path[i]);
        }
        return struct.byteOffset(elements);
    }

    /** From fields as C writes them; the JDK refuses a layout that C would pad. */
    private static StructLayout struct(String... fields) {
        List<MemoryLayout> layouts = new ArrayList<>();
        for (String field : fields) {
            String[] words = field.split(" ");
            ValueLayout type = switch (words[0]) {
                case "u8" -> JAVA_BYTE;
                case "u16" -> JAVA_SHORT;
                case "u32" -> JAVA_INT;
                case "u64" -> JAVA_LONG;
                default -> throw new IllegalArgumentException(field);
            };
            layouts.add(type.withName(words[1]));
        }
        return MemoryLayout.structLayout(layouts.toArray(MemoryLayout[]::new));
    }
}
