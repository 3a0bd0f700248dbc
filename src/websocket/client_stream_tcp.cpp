#include "websocket/beast_client_stream.hpp"

namespace coroom::detail::websocket {
namespace {

using boost::asio::ip::tcp;

class TcpClientStream final : public BeastClientStream<tcp::socket> {
 public:
  explicit TcpClientStream(const boost::asio::any_io_executor& executor)
      : BeastClientStream(executor, tcp::socket(executor)) {}

 private:
  task<Result<>> secure(const ClientTarget&) override { co_return Result<>(); }
};

}  // namespace

std::unique_ptr<ClientStream> make_tcp_client_stream(const boost::asio::any_io_executor& executor) {
  return std::make_unique<TcpClientStream>(executor);
}

}  // namespace coroom::detail::websocket
