package org.millrace.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.millrace.conf.AddressConfig;
import org.millrace.io.Endpoint;

/** Resolves addresses by the system, which may block; off the data path. */
final class Resolver {
    private Resolver() {
    }

    /** An address with its name resolved. */
    static Endpoint resolve(AddressConfig address) throws UnknownHostException {
        return address.isUnix() ? Endpoint.unix(address.path())
            : new Endpoint(new InetSocketAddress(InetAddress.getByName(address.host()), address.port()));
    }
}
