// The VDX-API's schema as a page to read and try.

const place = document.getElementById("api");
const { SwaggerUIBundle } = /** @type {any} */ (window);
if (place) {
  SwaggerUIBundle({
    url: place.dataset.schema,
    domNode: place,
    deepLinking: true,
    // A badge would be asked for at somebody else's server.
    validatorUrl: null,
  });
}
