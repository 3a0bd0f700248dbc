#include "server/announcement.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace coroom::server {
namespace {

namespace ip = boost::asio::ip;

bool listens_on(const Endpoints& endpoints, const ip::address& address) {
  return std::ranges::any_of(endpoints, [&](const auto& endpoint) { return endpoint.address() == address; });
}

std::string host_of(const Endpoints& endpoints) {
  const bool all = listens_on(endpoints, ip::address_v6::any());  // includes IPv4
  const bool both =
      listens_on(endpoints, ip::address_v4::loopback()) && listens_on(endpoints, ip::address_v6::loopback());
  if (all || both) return "localhost";
  ip::address address = endpoints.front().address();
  if (address == ip::address_v4::any()) address = ip::address_v4::loopback();
  return address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
}

}  // namespace

std::string address_to_open(const Endpoints& endpoints, bool tls) {
  return (tls ? "https://" : "http://") + host_of(endpoints) + ":" +
         std::to_string(endpoints.front().port()) + "/";
}

bool is_loopback(const Endpoints& endpoints) {
  return std::ranges::all_of(endpoints, [](const auto& each) { return each.address().is_loopback(); });
}

}  // namespace coroom::server
