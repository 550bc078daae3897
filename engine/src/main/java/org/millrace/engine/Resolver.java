package org.millrace.engine;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import org.millrace.conf.AddressConfig;
import org.millrace.engine.control.ServerNames;
import org.millrace.io.Endpoint;

/** Resolves addresses by the system, which may block; off the data path. */
final class Resolver implements ServerNames.Lookup {
    /** An address with its name resolved. */
    @Override
    public Endpoint resolve(AddressConfig address) throws UnknownHostException {
        return resolveAll(address).getFirst();
    }

    @Override
    public List<Endpoint> resolveAll(AddressConfig address) throws UnknownHostException {
        return address.isUnix() ? List.of(Endpoint.unix(address.path()))
            : Stream.of(InetAddress.getAllByName(address.host()))
                .map(host -> new Endpoint(new InetSocketAddress(host, address.port()))).toList();
    }
}
