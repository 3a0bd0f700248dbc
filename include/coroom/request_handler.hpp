#pragma once

#include <coroom/cookie_options.hpp>
#include <coroom/error.hpp>
#include <coroom/http_error.hpp>
#include <coroom/request.hpp>
#include <coroom/sent.hpp>
#include <coroom/task.hpp>

#include <boost/json/value.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace coroom {

class Application;
class StaticFileHandler;
namespace detail::application {
class Dispatcher;
class RequestContext;
}  // namespace detail::application

/// Answers the requests of one route: a program derives from it and overrides the methods that it answers
/// (Tornado: RequestHandler). Each request has a handler of its own, all of whose calls come one after the
/// other, on the thread of its connection. A handler that throws HttpError answers with that; one that throws
/// anything else answers 500, with a log line; an answer that was complete by then stays as it is.
///
/// What a handler waits for is cancelled when its connection is lost or the server's time to stop is over.
///
/// A constructor has no request yet: request() and all that asks for it or for the answer throw
/// std::logic_error there. So does whatever changes an answer that is complete: after finish(), render(),
/// redirect() or send_error(), and from open() on where the request has opened a session.
class RequestHandler {
 public:
  RequestHandler();
  RequestHandler(const RequestHandler&) = delete;
  RequestHandler& operator=(const RequestHandler&) = delete;
  virtual ~RequestHandler();

  /// Comes first, whatever the method. If it answers (send_error(), redirect(), finish()), nothing else
  /// comes.
  virtual task<> prepare();

  /// One for each HTTP method; those that are not overridden answer 405. HEAD is GET without its body.
  ///@{
  virtual task<> get();
  virtual task<> post();
  virtual task<> put();
  virtual task<> patch();
  virtual task<> delete_();  ///< DELETE, whose name C++ keeps for itself
  virtual task<> options();
  ///@}

  /// The answer is made; it is sent next. Not where the handler has thrown (Tornado: on_finish).
  virtual void on_finish() {}

  /// The answer has left, or its connection has ended meanwhile: for an access log (Tornado: log_request).
  /// request() is there, without its body. Not of a request that opened a session.
  virtual void on_sent(const Sent& sent);

 protected:
  /// Sets fields that every answer of the handler has, by set_header(). Called before prepare(), and again
  /// for an answer with an error (Tornado: set_default_headers).
  virtual void set_default_headers() {}

  /// Writes the answer with an error: sets fields and writes the body. The status and the error's own fields
  /// are set already. By default it writes error.reason() as plain text. What it throws is logged, and the
  /// answer is plain text then (Tornado: write_error).
  virtual void write_error(const HttpError& error);

  /// What was asked, and by whom; of a WebSocket, the request that opened it.
  [[nodiscard]] const Request& request() const;

  /// The application that the route belongs to.
  [[nodiscard]] Application& application() const;

  /// What the groups of the route's pattern matched, percent-decoded (Tornado: path_args).
  [[nodiscard]] const std::vector<std::string>& path_arguments() const;

  /// The last value of an argument of the query or of a form in the body; `fallback` if there is none.
  /// (Tornado: get_argument, which strips white space as well.)
  ///@{
  [[nodiscard]] std::optional<std::string> get_argument(std::string_view name) const;
  [[nodiscard]] std::string get_argument(std::string_view name, std::string_view fallback) const;
  ///@}

  /// All of them, in order (Tornado: get_arguments).
  [[nodiscard]] std::vector<std::string> get_arguments(std::string_view name) const;

  /// A cookie of the request (Tornado: get_cookie).
  [[nodiscard]] std::optional<std::string> get_cookie(std::string_view name) const;

  /// Counts the request as so many messages more of its address (Settings::address_rate_limit): for what is
  /// dear.
  void charge(std::size_t messages);

  /// Sets the status code of the answer, from 200 to 599 (RFC 9110 section 15); it is 200 unless it is set
  /// (Tornado: set_status). Throws std::invalid_argument for others.
  void set_status(unsigned status);

  /// Returns the status code of the answer so far (Tornado: get_status).
  [[nodiscard]] unsigned status() const;

  /// A field of the answer, in place of those of its name or beside them (Tornado: set_header, add_header).
  /// Throws std::invalid_argument for a name that is no token and for a value with a
  /// line break or another control character (RFC 9110 section 5), or if both are longer than 16 KiB.
  ///@{
  void set_header(std::string name, std::string value);
  void add_header(std::string name, std::string value);
  ///@}

  /// Removes all fields of this name that were set (Tornado: clear_header).
  void clear_header(std::string_view name);

  /// Has the browser keep a cookie, in place of one that this answer set under the same name; goes with an
  /// error and a redirection too (Tornado: set_cookie). Throws std::invalid_argument for what RFC 6265bis
  /// section 4.1 does not allow: white space, commas, semicolons, quotes, backslashes and what is not ASCII
  /// have to be encoded in some way. So does it for SameSite::none without `secure`.
  void set_cookie(std::string_view name, std::string_view value, const CookieOptions& options = {});

  /// Has the browser forget a cookie that was set with this path and domain (Tornado: clear_cookie).
  void clear_cookie(std::string_view name, std::string_view path = "/", std::string_view domain = {});

  /// Adds to the body: text as HTML unless Content-Type is set, or JSON (Tornado: write).
  ///@{
  void write(std::string_view text);
  void write(const boost::json::value& value);
  void write(const char* text) { write(std::string_view(text)); }
  ///@}

  /// Renders a template and finishes the answer with it, as HTML unless Content-Type is set (Tornado:
  /// render). `name` is a file below Settings::template_path, written in mustache, which looks into
  /// `context`:
  /// - `{{name}}` is a text or a number, with what HTML reserves escaped; `{{{name}}}` is not escaped.
  /// - `{{#list}}…{{/list}}` repeats for each item of an array, and stands once for what is not false, null
  ///   or empty; `{{^list}}…{{/list}}` stands where the other would not.
  /// - `{{> file}}` includes another template, and `{{static_url('path')}}` is static_url().
  /// A template is read when it is first used, in debug mode each time. Throws std::runtime_error for what
  /// render_string() calls an error.
  void render(std::string_view name, const boost::json::value& context = {});

  /// The text that render() would write (Tornado: render_string). An error names the file: it does not exist
  /// or lies outside of the folder, does not parse, or includes itself.
  [[nodiscard]] Result<std::string> render_string(std::string_view name,
                                                  const boost::json::value& context = {}) const;

  /// The address of a file below Settings::static_path, with a hash of what is in it, so that browsers keep
  /// it until it changes (Tornado: static_url); without one if there is no such file. The hash is taken once,
  /// in debug mode each time. Throws std::logic_error if no static_path is set.
  [[nodiscard]] std::string static_url(std::string_view path) const;

  /// Answers with a redirection: 302, or 301 if it is permanent (Tornado: redirect).
  void redirect(std::string url, bool permanent = false);

  /// Answers with an error, as write_error() writes it, in place of the body that was written (Tornado:
  /// send_error). Fields that were set stay, but for those that describe the body, such as Content-Type, ETag
  /// and Cache-Control; `headers` come in addition. `reason` is a sentence for the client, and for the log;
  /// empty: the status' own. Throws std::invalid_argument for a status that is not from 400 to 599.
  void send_error(unsigned status, std::string_view reason = {}, const Headers& headers = {});

  /// Completes the answer: nothing may be changed of it any more, and after prepare() no method is called
  /// (Tornado: finish). From then on write(), finish() and all that sets something of the answer throw
  /// std::logic_error.
  void finish();

  /// Whether the answer is complete.
  [[nodiscard]] bool finished() const;

 private:
  /// Answers with an error, whatever there is of the answer.
  void answer_error(const HttpError& error);

  friend class detail::application::Dispatcher;
  friend class StaticFileHandler;

  /// Throws std::logic_error in a constructor.
  [[nodiscard]] detail::application::RequestContext& request_context() const;

  /// Throws std::logic_error as well when the answer is complete.
  [[nodiscard]] detail::application::RequestContext& unanswered() const;

  std::unique_ptr<detail::application::RequestContext> request_context_;  // none: in a constructor
};

}  // namespace coroom
