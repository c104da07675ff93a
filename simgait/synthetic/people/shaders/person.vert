#version 330
uniform mat4 projection;
uniform vec3 sun;
uniform bool shadow;
in vec3 place;
in vec3 normal;
in vec3 rest;
in vec4 paint;
out vec3 at, facing, at_rest;
out vec4 painted;

void main() {
    // A shadow is the body pressed on the floor along the light.
    vec3 shown = shadow ? place - sun * ((place.z - 0.004) / sun.z) : place;
    gl_Position = projection * vec4(shown, 1.0);
    at = place;
    facing = normal;
    at_rest = rest;
    painted = paint;
}
